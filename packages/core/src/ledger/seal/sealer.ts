import { createHash } from 'node:crypto'
import { toIsrError, type IsrError } from '../../errors.js'
import type { Storage } from '../../storages/storage.js'
import { sleep, type Clock } from '../../time/clock.js'
import { LEDGER_VERSION, type RecordingLine, type SealedLine } from '../entry.js'
import type { Ledger } from '../ledger.js'
import { ledgerTime } from '../ledger-time.js'
import { sealHash, type ChainEnd } from '../read/ledger-scan.js'

/** A file to be sealed. */
export interface SealRequest extends Pick<RecordingLine, 'source' | 'run' | 'name'> {
  /** IANA zone of the offset beside the times. Default the system's. */
  readonly timeZone?: string
}

/** What a {@link Sealer} works with. */
export interface SealerOptions {
  readonly storage: Storage
  readonly ledger: Ledger
  readonly clock: Clock
  /** A file could not be read: it has no seal. */
  readonly onFault?: (source: string, error: IsrError) => void
}

/** Read between two pauses. */
const STEP_BYTES = 1 << 20
/** A pause for each step: about 40 MB a second, so that recording never notices. */
const PAUSE_MS = 25

/**
 * Hashes finished files whole and links the hashes to a chain for each source: every sealed line names the hash of the one before,
 * so none can be changed, taken out or moved later. One file at a time, slowly; recording goes first.
 */
export class Sealer {
  readonly #options: SealerOptions
  readonly #prev = new Map<string, string>()
  readonly #queue: SealRequest[] = []
  readonly #stop = new AbortController()
  readonly #hurry = new AbortController()
  #ready = false
  #working?: Promise<void>

  constructor(options: SealerOptions) {
    this.#options = options
  }

  /** Tells where the chains end in the ledger; nothing is sealed before. */
  begin(chains: ReadonlyMap<string, ChainEnd>): void {
    for (const [source, { prev }] of chains) this.#prev.set(source, prev)
    this.#ready = true
    this.#work()
  }

  /** Seals a finished file when its turn comes. */
  add(request: SealRequest): void {
    this.#queue.push(request)
    this.#work()
  }

  /** Seals what waits without pauses, for at most `deadlineMs`; what is left is sealed after the next start. Never rejects. */
  async finish(deadlineMs: number): Promise<void> {
    this.#hurry.abort()
    const late = new AbortController()
    void sleep(this.#options.clock, deadlineMs, late.signal).then(() => this.#stop.abort())
    while (this.#working) await this.#working
    late.abort()
    this.#stop.abort()
  }

  #work(): void {
    if (!this.#ready || this.#stop.signal.aborted || this.#queue.length === 0) return
    this.#working ??= this.#sealAll().finally(() => {
      this.#working = undefined
      this.#work()
    })
  }

  async #sealAll(): Promise<void> {
    for (let next = this.#queue.shift(); next && !this.#stop.signal.aborted; next = this.#queue.shift()) {
      try {
        const sha256 = await this.#hash(next.name)
        if (sha256 !== undefined) void this.#options.ledger.append(this.#link(next, sha256))
      } catch (error) {
        this.#options.onFault?.(next.source, toIsrError(error, 'ISR_STORAGE_FAILED'))
      }
    }
  }

  #link({ source, run, name, timeZone }: SealRequest, sha256: string): SealedLine {
    const { time: at, utcOffset } = ledgerTime(this.#options.clock.now(), timeZone)
    const prev = this.#prev.get(source) ?? ''
    const line: SealedLine = { v: LEDGER_VERSION, type: 'sealed', source, run, name, sha256, prev, at, utcOffset }
    this.#prev.set(source, sealHash(JSON.stringify(line)))
    return line
  }

  /** Undefined when it was told to stop. */
  async #hash(name: string): Promise<string | undefined> {
    const { storage, clock } = this.#options
    const hash = createHash('sha256')
    let sinceBytes = 0
    for await (const chunk of storage.read(name)) {
      if (this.#stop.signal.aborted) return undefined
      hash.update(chunk)
      sinceBytes += chunk.length
      if (sinceBytes < STEP_BYTES || this.#hurry.signal.aborted) continue
      sinceBytes = 0
      await sleep(clock, PAUSE_MS, this.#hurry.signal)
    }
    return hash.digest('hex')
  }
}
