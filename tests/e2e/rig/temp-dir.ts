import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'

const folders: string[] = []
// registered while the test file is loaded: inside of a hook it would be too late
afterAll(() => folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true, force: true })))

/**
 * A new empty folder, removed when the test file is over. With `ISR_KEEP_TEMP=1` it stays, to look at what went wrong.
 */
export function tempDir(prefix = 'isr-'): string {
  const folder = mkdtempSync(join(tmpdir(), prefix))
  if (process.env.ISR_KEEP_TEMP === '1') console.log(`kept: ${folder}`)
  else folders.push(folder)
  return folder
}
