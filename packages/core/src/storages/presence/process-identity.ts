import { readFile, readlink } from 'node:fs/promises'
import { hostname } from 'node:os'

/** Tells one process from all others, past and present, on this machine and elsewhere. */
export interface ProcessIdentity {
  readonly pid: number
  readonly host: string
  /** When it was started, in ticks of this boot; numbers of processes are used again. Absent where the system does not tell. */
  readonly startTicks?: number
  /** Which boot of which machine. Absent where the system does not tell. */
  readonly bootId?: string
  /** Whose numbering of processes: containers have their own. Absent where the system does not tell. */
  readonly pidNamespace?: string
}

/** Whether a process runs, as far as can be known from here. */
export type Liveness = 'alive' | 'dead' | 'unknown'

/** This process. */
export async function ownIdentity(): Promise<ProcessIdentity> {
  const [startTicks, bootId, pidNamespace] = await Promise.all([startTicksOf('self'), readBootId(), readPidNamespace()])
  return {
    pid: process.pid,
    host: hostname(),
    ...(startTicks !== undefined && { startTicks }),
    ...(bootId !== undefined && { bootId }),
    ...(pidNamespace !== undefined && { pidNamespace }),
  }
}

/** Sure only about processes that number theirs as we do; one of another machine, boot or container is `unknown`. */
export async function livenessOf(other: ProcessIdentity, own: ProcessIdentity): Promise<Liveness> {
  if (other.host !== own.host) return 'unknown'
  if (own.bootId === undefined || own.pidNamespace === undefined) return exists(other.pid) ? 'unknown' : 'dead'
  if (other.bootId !== own.bootId || other.pidNamespace !== own.pidNamespace) return 'unknown'
  const startTicks = await startTicksOf(String(other.pid))
  return startTicks !== undefined && startTicks === other.startTicks ? 'alive' : 'dead'
}

/** @source proc(5), /proc/pid/stat fields 3, 20 and 22; the name of the program before them may hold anything */
async function startTicksOf(pid: string): Promise<number | undefined> {
  const text = await readText(`/proc/${pid}/stat`)
  const fields = text?.slice(text.lastIndexOf(')') + 2).split(' ') ?? []
  // killed, and nobody has asked for its exit code: containers without an init keep it for ever. With threads left it may still write
  if ((fields[0] === 'Z' || fields[0] === 'X') && Number(fields[17]) <= 1) return undefined
  const ticks = Number(fields[19])
  return Number.isFinite(ticks) ? ticks : undefined
}

async function readBootId(): Promise<string | undefined> {
  return (await readText('/proc/sys/kernel/random/boot_id'))?.trim()
}

function readPidNamespace(): Promise<string | undefined> {
  return readlink('/proc/self/ns/pid').catch(() => undefined)
}

function readText(path: string): Promise<string | undefined> {
  return readFile(path, 'latin1').catch(() => undefined)
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
