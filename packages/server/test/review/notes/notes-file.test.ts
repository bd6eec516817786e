import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '@isr/core'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { startServer } from '../../support.js'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'isr-notes-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

/** As another process has it: it knows nothing of the turns of this one. */
async function otherProcess() {
  vi.resetModules()
  const { NotesFile } = await import('../../../src/review/notes/notes-file.js')
  return new NotesFile(join(folder, 'deep/notes.json'), systemClock, (message) => {
    throw new Error(message)
  })
}
type File = Awaited<ReturnType<typeof otherProcess>>
const hear = (file: File, name: string) =>
  file.change((kept) => ({ ...kept, heard: { ...kept.heard, [name]: [...(kept.heard[name] ?? []), 1] } }))
const lock = () => join(folder, 'deep/notes.json.lock')

describe('a file of notes', () => {
  it('loses nothing when several processes change it at the same moment', async () => {
    const files = [await otherProcess(), await otherProcess(), await otherProcess()]
    await Promise.all(Array.from({ length: 45 }, (_, at) => hear(files[at % 3], `${at % 3} ${at}`)))
    for (const file of files) expect(Object.keys((await file.read()).heard)).toHaveLength(45)
    expect(readdirSync(join(folder, 'deep'))).toEqual(['notes.json'])
  })

  it('waits for nobody who has been killed', async () => {
    const file = await otherProcess()
    mkdirSync(join(folder, 'deep'))
    // no process has this number
    writeFileSync(lock(), `${2 ** 22 + 1} ${hostname()}`)
    await hear(file, 'a')
    writeFileSync(lock(), '1 another-machine')
    utimesSync(lock(), 1e9, 1e9)
    await hear(file, 'b')
    expect(existsSync(lock())).toBe(false)
    expect(Object.keys((await file.read()).heard)).toEqual(['a', 'b'])
  })

  it('asks to try again while somebody else writes for long, and leaves that alone', async () => {
    const file = await otherProcess()
    await hear(file, 'a')
    writeFileSync(lock(), '1 another-machine')
    await expect(hear(file, 'b')).rejects.toMatchObject({ status: 503, code: 'HTTP_BUSY' })
    expect(existsSync(lock())).toBe(true)
    expect(Object.keys((await file.read()).heard)).toEqual(['a'])
  })

  it('is rid of what a crash has left when the server starts, and of nothing else', async () => {
    for (const [path, age] of [
      ['analyses/notes.json.123.0123abcd.tmp', 1000],
      ['.isr/protected.json.123.0123abcd.tmp', 1000],
      ['analyses/notes.json.123.fedcba98.tmp', 10],
      ['analyses/notes.json.broken-1', 1000],
      ['analyses/notes.json.123.0123abcd.tmp.mine', 1000],
    ] as const) {
      mkdirSync(join(folder, path, '..'), { recursive: true })
      writeFileSync(join(folder, path), 'x')
      utimesSync(join(folder, path), Date.now() / 1000 - age, Date.now() / 1000 - age)
    }
    const served = await startServer({ directory: folder })
    await served.close()
    expect(readdirSync(join(folder, 'analyses')).sort()).toEqual([
      'notes.json.123.0123abcd.tmp.mine',
      'notes.json.123.fedcba98.tmp',
      'notes.json.broken-1',
    ])
    expect(readdirSync(join(folder, '.isr'))).toEqual([])
  })
})
