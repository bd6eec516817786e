import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import type { Clock } from '@isr/core'

/** Name of the cookie of a browser that has logged in. */
export const SESSION_COOKIE = 'isr_session'

const SESSION_MS = 30 * 24 * 3600 * 1000
const MAX_SESSIONS = 1000
/** Wrong tokens from one address before it must wait. */
const MAX_FAILURES = 10
const FORGET_MS = 60_000

/** Who may come in: whoever knows the token, in a header or by a session of the login page. Without a token, everybody. */
export class Access {
  readonly #token?: Buffer
  readonly #clock: Clock
  /** Hash of a session, and when it ends. */
  readonly #sessions = new Map<string, number>()
  readonly #failures = new Map<string, { count: number; untilMs: number }>()

  /** @param token - undefined: no token is needed */
  constructor(token: string | undefined, clock: Clock) {
    if (token !== undefined) this.#token = hash(token)
    this.#clock = clock
  }

  /** Whether a token is needed at all. */
  get isGuarded(): boolean {
    return this.#token !== undefined
  }

  /** Whether these headers prove the right to come in. */
  admits(headers: IncomingHttpHeaders, address: string): boolean {
    if (!this.#token) return true
    const bearer = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1]
    if (bearer !== undefined) return this.#checks(bearer, address)
    const session = cookieOf(headers.cookie)
    if (session === undefined) return false
    return (this.#sessions.get(digest(session)) ?? 0) > this.#clock.monotonicMs()
  }

  /** A new session for whoever knows the token; undefined for others. */
  login(token: string, address: string): string | undefined {
    if (!this.#checks(token, address)) return undefined
    const session = randomBytes(32).toString('base64url')
    const [oldest] = this.#sessions.keys()
    if (this.#sessions.size >= MAX_SESSIONS && oldest !== undefined) this.#sessions.delete(oldest)
    this.#sessions.set(digest(session), this.#clock.monotonicMs() + SESSION_MS)
    return session
  }

  /** Ends the session of these headers. */
  logout(headers: IncomingHttpHeaders): void {
    const session = cookieOf(headers.cookie)
    if (session !== undefined) this.#sessions.delete(digest(session))
  }

  /** Whether an address has tried too often. */
  mustWait(address: string): boolean {
    const failure = this.#failures.get(address)
    if (!failure) return false
    if (failure.untilMs > this.#clock.monotonicMs()) return failure.count >= MAX_FAILURES
    this.#failures.delete(address)
    return false
  }

  /** In constant time; who guesses must wait, even when a guess is right. */
  #checks(token: string, address: string): boolean {
    if (!this.#token) return true
    if (this.mustWait(address)) return false
    if (timingSafeEqual(hash(token), this.#token)) return true
    const count = (this.#failures.get(address)?.count ?? 0) + 1
    const [oldest] = this.#failures.keys()
    if (this.#failures.size >= MAX_SESSIONS && oldest !== undefined) this.#failures.delete(oldest)
    this.#failures.set(address, { count, untilMs: this.#clock.monotonicMs() + FORGET_MS })
    return false
  }
}

function cookieOf(header: string | undefined): string | undefined {
  for (const part of header?.split(';') ?? []) {
    const [name, value] = part.trim().split('=', 2)
    if (name === SESSION_COOKIE) return value
  }
  return undefined
}

function hash(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

function digest(text: string): string {
  return hash(text).toString('base64')
}
