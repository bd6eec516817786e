import { mkdir, open, readFile, rm, stat } from 'node:fs/promises'
import { hostname } from 'node:os'
import { dirname } from 'node:path'
import type { Clock } from '@isr/core'
import { isRunning } from '../../costly/made-folder.js'
import { HttpError } from '../../http/http-error.js'
import { inTurn } from './in-turn.js'

/** A change takes a few milliseconds, a slow disk a second. */
const STALE_MS = 15_000
const AGAIN_MS = 15
const PATIENCE_MS = 5000

/**
 * Changes a file alone: one after another in this process, and one process at a time, by a file beside it.
 * @throws {@link HttpError} 503 when another process holds it for too long
 */
export function changeAlone<Result>(path: string, clock: Clock, work: () => Promise<Result>): Promise<Result> {
  return inTurn(path, async () => {
    const lock = `${path}.lock`
    const isHeld = await take(lock, clock)
    try {
      return await work()
    } finally {
      if (isHeld) await rm(lock, { force: true }).catch(() => {})
    }
  })
}

/** @returns whether it was made; where nothing can be written, what is to be changed cannot be either, and says so better */
async function take(lock: string, clock: Clock): Promise<boolean> {
  const until = clock.monotonicMs() + PATIENCE_MS
  for (;;) {
    try {
      const handle = await open(lock, 'wx')
      await handle.writeFile(`${process.pid} ${hostname()}`).finally(() => handle.close())
      return true
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code === 'ENOENT' && (await isMade(dirname(lock)))) continue
      if (code !== 'EEXIST') return false
    }
    if (await isStale(lock, clock)) await rm(lock, { force: true })
    else if (clock.monotonicMs() > until)
      throw new HttpError(503, 'HTTP_BUSY', 'another program is writing notes: try again in a moment')
    else await new Promise<void>((resolve) => void clock.after(AGAIN_MS, resolve))
  }
}

/** Of a process that has ended, or so old that whoever made it has. */
async function isStale(lock: string, clock: Clock): Promise<boolean> {
  try {
    const { mtimeMs } = await stat(lock)
    if (clock.now() - mtimeMs > STALE_MS) return true
    const [pid, host] = (await readFile(lock, 'utf8')).split(' ')
    return host === hostname() && !isRunning(Number(pid))
  } catch {
    return false // it is gone by now
  }
}

function isMade(folder: string): Promise<boolean> {
  return mkdir(folder, { recursive: true }).then(
    () => true,
    () => false,
  )
}
