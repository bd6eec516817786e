import { readdir, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { Clock } from '@isr/core'

/** Behind the name of a file that was being replaced when its process was killed. */
const TORN = /^\.\d+\.[0-9a-f]{8}\.tmp$/
/** Nobody writes at one file for so long. */
const OLD_MS = 600_000

/** Removes what a crash has left of files that were being replaced. Never rejects. */
export async function removeLeftovers(path: string, clock: Clock): Promise<void> {
  const name = basename(path)
  for (const found of await readdir(dirname(path)).catch((): string[] => [])) {
    if (!found.startsWith(name) || !TORN.test(found.slice(name.length))) continue
    const torn = join(dirname(path), found)
    const age = await stat(torn).then(
      ({ mtimeMs }) => clock.now() - mtimeMs,
      () => 0,
    )
    if (age > OLD_MS) await rm(torn, { force: true }).catch(() => {})
  }
}
