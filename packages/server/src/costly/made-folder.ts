import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const NAME = /^isr-made-(\d+)-/

/** A folder for what is made for one request; its name tells which process will remove it. */
export function createMadeFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), `isr-made-${process.pid}-`))
}

/** Removes what servers that were killed have left behind. Never rejects. */
export async function sweepMadeFolders(): Promise<void> {
  const names = await readdir(tmpdir()).catch((): string[] => [])
  for (const name of names) {
    const pid = Number(NAME.exec(name)?.[1])
    if (pid > 0 && !isRunning(pid)) await rm(join(tmpdir(), name), { recursive: true, force: true }).catch(() => {})
  }
}

/** Whether there is a process of this number on this machine. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // one of another user
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
