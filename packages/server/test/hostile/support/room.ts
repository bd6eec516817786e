import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ServerOptions } from '../../../src/index.js'
import { startServer, type Answer } from '../../support.js'
import { wavOf } from '../../../../../tests/support/wav.js'
import { HOSTILE_NAMES, UNFIT_NAMES } from './names.js'

/** Stands in every file outside of the folder. */
export const SECRET = 'the secret of another folder'
const RATE = 8000

/** Two seconds. */
export const WAV = wavOf(
  Int16Array.from({ length: RATE * 2 }, (_, at) => (at % 101) * 100 - 5000),
  RATE,
)

/** A server on a folder with good and hostile names, links out of it, and secrets around it. */
export async function startRoom(options: Partial<ServerOptions> = {}) {
  const outside = mkdtempSync(join(tmpdir(), 'isr-hostile-'))
  const directory = join(outside, 'recordings')
  const put = (path: string, bytes: Buffer | string) => {
    mkdirSync(join(path, '..'), { recursive: true })
    writeFileSync(path, bytes)
    utimesSync(path, Date.now() / 1000 - 100, Date.now() / 1000 - 100)
  }
  put(join(outside, 'secret.wav'), SECRET)
  put(join(outside, 'elsewhere/20260601_120000.wav'), SECRET)
  put(join(outside, 'recordings-too/secret.wav'), SECRET)
  put(join(directory, 'garden/20260601_120000.wav'), WAV)
  put(join(directory, 'garden/deep/er/1.wav'), WAV)
  put(join(directory, 'empty.wav'), '')
  put(join(directory, 'lies.wav'), 'RIFF\xff\xff\xff\xffWAVEfmt \xff\xff\xff\xff')
  put(join(directory, '.hidden.wav'), SECRET)
  put(join(directory, '.isr/secret.wav'), SECRET)
  put(join(directory, 'config.ini'), SECRET)
  for (const name of [...HOSTILE_NAMES, ...UNFIT_NAMES]) put(join(directory, 'names', name), WAV)
  symlinkSync(join(outside, 'secret.wav'), join(directory, 'link.wav'))
  symlinkSync('../secret.wav', join(directory, 'relative.wav'))
  symlinkSync(join(outside, 'elsewhere'), join(directory, 'folder-link'))
  symlinkSync('/etc/passwd', join(directory, 'passwd.wav'))
  symlinkSync('loop.wav', join(directory, 'loop.wav'))
  symlinkSync('nowhere.wav', join(directory, 'dangling.wav'))
  symlinkSync('garden/20260601_120000.wav', join(directory, 'inside-link.wav'))
  const served = await startServer({ directory, ...options })
  await served.server.app.library.settled()
  const port = Number(new URL(served.server.url).port)

  /** What an answer breaks of the law that holds for every one; empty when it is as it must be. */
  const breaks = ({ status, headers, bytes }: Answer, allowed: readonly number[]): string[] => {
    const text = bytes.toString('latin1')
    const faults: string[] = []
    if (!allowed.includes(status)) faults.push(`${status} instead of ${allowed.join(' or ')}`)
    if (status >= 400 && bytes.length > 0) {
      if (!/^application\/json/.test(headers['content-type'] ?? '')) faults.push(`no JSON: ${headers['content-type']}`)
      else if (!isError(JSON.parse(bytes.toString()))) faults.push(`no error of ours: ${text}`)
    }
    for (const told of [outside, tmpdir(), process.cwd(), 'node_modules', '    at ', 'node:internal'])
      if (text.includes(told)) faults.push(`tells ${told}`)
    if (text.includes(SECRET) || text.includes('root:')) faults.push('gives a secret away')
    for (const name of ['x-injected', 'x-powered-by']) if (headers[name] !== undefined) faults.push(`header ${name}`)
    return faults
  }
  /** Everything in and around the folder, hidden files too. */
  const tree = () =>
    readdirSync(outside, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() || entry.isSymbolicLink())
      .map((entry) => join(entry.parentPath, entry.name).slice(outside.length))
      .filter((path) => !path.includes('/analyses/'))
      .sort()
  const close = async () => {
    await served.close()
    rmSync(outside, { recursive: true, force: true })
  }
  /** How often each status came. */
  const seen = new Map<number, number>()
  return { ...served, seen, outside, directory, port, put, breaks, tree, close }
}

/** See {@link startRoom}. */
export type Room = Awaited<ReturnType<typeof startRoom>>

/** One request and the statuses that may answer it. */
export interface Attack {
  readonly path: string
  readonly allowed: readonly number[]
  readonly method?: string
  readonly headers?: Record<string, string>
  readonly body?: string
}

/** Makes requests, some at a time; what was wrong with their answers, by request. */
export async function attack(room: Room, attacks: readonly Attack[]): Promise<string[]> {
  if (attacks.length === 0) throw new Error('nothing is attacked')
  const found: string[] = []
  for (let at = 0; at < attacks.length; at += 8) {
    const some = attacks.slice(at, at + 8).map(async ({ path, allowed, method = 'GET', headers, body }) => {
      const what = `${method} ${JSON.stringify(path.slice(0, 200))} ${JSON.stringify(headers ?? {}).slice(0, 200)}`
      const answer = await room.ask(path, headers, method, body).catch((error: unknown) => String(error))
      if (typeof answer === 'string') found.push(`${what}: ${answer}`)
      else {
        room.seen.set(answer.status, (room.seen.get(answer.status) ?? 0) + 1)
        found.push(...room.breaks(answer, allowed).map((fault) => `${what}: ${fault}`))
      }
    })
    await Promise.all(some)
  }
  return found
}

/** Descriptors of this process that are files, by what they lead to. */
export function openFilesUnder(directory: string): string[] {
  return readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      const target = readlinkSync(`/proc/self/fd/${fd}`)
      return target.startsWith(directory) ? [target] : []
    } catch {
      return []
    }
  })
}

function isError(value: unknown): boolean {
  const { error } = (value ?? {}) as { error?: { code?: unknown; message?: unknown } }
  return typeof error?.code === 'string' && typeof error.message === 'string'
}
