import { execFileSync } from 'node:child_process'
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { FileAccess } from '../../../src/storages/access/file-access.js'
import { MemoryAccess } from '../../../src/storages/access/memory-access.js'
import type { RandomAccess } from '../../../src/storages/access/random-access.js'

const folder = mkdtempSync(join(tmpdir(), 'isr-access-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const bytes = Uint8Array.from({ length: 100_000 }, (_, index) => index % 251)

function makeFile(name: string): string {
  const path = join(folder, name)
  writeFileSync(path, bytes)
  return path
}

/** What every random access has to do. */
function describeAccess(name: string, open: () => Promise<RandomAccess>): void {
  describe(name, () => {
    it('reads any part, again and again, and at once', async () => {
      const access = await open()
      expect(access.sizeBytes).toBe(bytes.length)
      const ranges = [
        [0, 10],
        [99_990, 100_000],
        [5, 5],
        [40_000, 90_000],
        [0, 10],
      ]
      const read = await Promise.all(ranges.map(([from, to]) => access.read(from, to)))
      expect(read.map((part) => [...part])).toEqual(ranges.map(([from, to]) => [...bytes.subarray(from, to)]))
      await access.close()
    })

    it('gives fewer bytes where the file ends', async () => {
      const access = await open()
      expect((await access.read(99_990, 200_000)).length).toBe(10)
      expect((await access.read(100_000, 100_010)).length).toBe(0)
      expect((await access.read(300_000, 300_010)).length).toBe(0)
      expect((await access.read(10, 5)).length).toBe(0)
      await access.close()
    })

    it('is closed once or twice', async () => {
      const access = await open()
      await access.close()
      await access.close()
    })
  })
}

describeAccess('FileAccess', () => FileAccess.open(makeFile('a')))
describeAccess('MemoryAccess', () => Promise.resolve(new MemoryAccess(bytes)))

describe('FileAccess', () => {
  it('sees neither what is appended later nor what is gone', async () => {
    const path = makeFile('b')
    const access = await FileAccess.open(path)
    appendFileSync(path, 'more')
    expect((await access.read(99_999, 100_004)).length).toBe(1)
    truncateSync(path, 50_000)
    expect((await access.read(49_000, 60_000)).length).toBe(1000)
    rmSync(path)
    expect([...(await access.read(1, 3))]).toEqual([1, 2])
    await access.close()
  })

  it('opens files alone, and leaves no handle behind', async () => {
    const handles = () => readdirSync('/proc/self/fd').length
    const before = handles()
    for (const path of [join(folder, 'none'), folder, '/dev/null']) {
      await expect(FileAccess.open(path)).rejects.toMatchObject({ name: 'StorageError', code: 'ISR_STORAGE_NOT_FOUND' })
    }
    const access = await FileAccess.open(makeFile('c'))
    expect(handles()).toBeGreaterThanOrEqual(before)
    await access.close()
    expect(handles()).toBeLessThanOrEqual(before)
    await expect(access.read(0, 1)).rejects.toMatchObject({ name: 'StorageError' })
  })
})

describe('FileAccess.open within a folder', () => {
  it('takes what lies in it, and nothing that links lead out to', async () => {
    const root = join(folder, 'root')
    mkdirSync(join(root, 'inside'), { recursive: true })
    makeFile('secret')
    makeFile('root/inside/mine')
    symlinkSync(join(folder, 'secret'), join(root, 'link'))
    symlinkSync(folder, join(root, 'way-out'))
    await (await FileAccess.open(join(root, 'inside/mine'), root)).close()
    for (const name of ['link', 'way-out/secret', '../secret', 'inside'])
      await expect(FileAccess.open(join(root, name), root), name).rejects.toMatchObject({
        code: 'ISR_STORAGE_NOT_FOUND',
      })
    await (await FileAccess.open(join(root, 'link'))).close()
  })

  it('does not wait for a pipe', async () => {
    execFileSync('mkfifo', [join(folder, 'pipe')])
    await expect(FileAccess.open(join(folder, 'pipe'))).rejects.toMatchObject({ code: 'ISR_STORAGE_NOT_FOUND' })
  })
})
