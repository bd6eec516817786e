import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { FileReplacement } from '../../../src/storages/disk/file-replacement.js'
import { overwriteFile } from '../../../src/storages/disk/overwrite-file.js'
import { FileStorage } from '../../../src/storages/file-storage.js'
import { MemoryStorage } from '../../../src/storages/memory-storage.js'
import { mendableContract } from '../mendable.contract.js'

const root = mkdtempSync(join(tmpdir(), 'isr-mend-'))
afterAll(() => rmSync(root, { recursive: true }))
let count = 0
const folder = () => mkdtempSync(join(root, `${count++}-`))

mendableContract('FileStorage', () => Promise.resolve(new FileStorage({ directory: folder() })))
mendableContract('MemoryStorage', () => Promise.resolve(new MemoryStorage()))

describe('FileReplacement', () => {
  it('takes over mode and time, lies hidden beside the file, and leaves nothing else', async () => {
    const directory = folder()
    const path = join(directory, 'a.flac')
    writeFileSync(path, 'old')
    chmodSync(path, 0o640)
    utimesSync(path, 1_700_000_000, 1_700_000_001)
    const copy = await FileReplacement.begin(path)
    await copy.write(new TextEncoder().encode('new one'))
    const hidden = readdirSync(directory).filter((name) => name !== 'a.flac')
    expect(hidden).toHaveLength(1)
    expect(hidden[0]).toMatch(/^\.a\.flac\.repair-\d+$/)
    await copy.commit()
    expect(readdirSync(directory)).toEqual(['a.flac'])
    expect(readFileSync(path, 'utf8')).toBe('new one')
    expect(statSync(path).mode & 0o777).toBe(0o640)
    expect(statSync(path).mtimeMs).toBe(1_700_000_001_000)
  })

  it('removes what an earlier attempt left, and nothing of other files', async () => {
    const directory = folder()
    const path = join(directory, 'a.flac')
    for (const name of ['a.flac', '.a.flac.repair-1', '.a.flac.repair-99', '.ab.flac.repair-1', '.hidden'])
      writeFileSync(join(directory, name), 'x')
    await (await FileReplacement.begin(path)).abandon()
    expect(readdirSync(directory).sort()).toEqual(['.ab.flac.repair-1', '.hidden', 'a.flac'])
  })

  it('has room for the longest name', async () => {
    const directory = folder()
    const path = join(directory, `${'ä'.repeat(122)}.opus`)
    writeFileSync(path, 'x')
    const copy = await FileReplacement.begin(path)
    await copy.commit()
    expect(readdirSync(directory)).toHaveLength(1)
  })

  it('rejects with storage errors', async () => {
    await expect(FileReplacement.begin(join(folder(), 'none'))).rejects.toMatchObject({ code: 'ISR_STORAGE_NOT_FOUND' })
    const path = join(folder(), 'a')
    writeFileSync(path, 'x')
    const copy = await FileReplacement.begin(path)
    rmSync(path)
    await expect(copy.commit()).rejects.toMatchObject({ name: 'StorageError' })
    await copy.abandon()
  })
})

describe('overwriteFile', () => {
  it('keeps the time of the last change', async () => {
    const path = join(folder(), 'a.wav')
    writeFileSync(path, 'abc')
    utimesSync(path, 1_700_000_000, 1_700_000_001)
    await overwriteFile(path, [{ offsetBytes: 1, bytes: new TextEncoder().encode('B') }])
    expect(readFileSync(path, 'utf8')).toBe('aBc')
    expect(statSync(path).mtimeMs).toBe(1_700_000_001_000)
  })
})
