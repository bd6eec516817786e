import { mkdirSync, renameSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { AppendFile } from '../../src/storages/append-file.js'

const root = mkdtempSync(join(tmpdir(), 'isr-append-'))
afterAll(() => rmSync(root, { recursive: true }))

describe('AppendFile', () => {
  it('makes its folder and appends', async () => {
    const path = join(root, 'new', 'deep', 'lines')
    const file = new AppendFile(path)
    await file.append('one\n')
    await file.append('two\n')
    await file.close()
    await new AppendFile(path).append('three\n')
    expect(readFileSync(path, 'utf8')).toBe('one\ntwo\nthree\n')
  })

  it.each([
    ['', ''],
    ['a\nb\n', 'a\nb\n'],
    ['a\nb\nto', 'a\nb\n'],
    ['torn', ''],
    [`${'x'.repeat(200)}\n${'y'.repeat(70_000)}`, `${'x'.repeat(200)}\n`],
  ])('cuts a torn last line and nothing else (%#)', async (before, kept) => {
    const path = join(root, `torn-${before.length}`)
    writeFileSync(path, before)
    await new AppendFile(path).append('next\n')
    expect(readFileSync(path, 'utf8') === `${kept}next\n`).toBe(true)
  })

  it('comes back after its folder was removed', async () => {
    const folder = join(root, 'gone')
    const file = new AppendFile(join(folder, 'lines'))
    await file.append('one\n')
    rmSync(folder, { recursive: true })
    await file.append('two\n')
    await file.append('three\n')
    expect(readFileSync(join(folder, 'lines'), 'utf8')).toBe('two\nthree\n')
  })

  it('goes on where its name is when its folder was moved away, and another one is there', async () => {
    const folder = join(root, 'moved')
    const file = new AppendFile(join(folder, 'lines'))
    await file.append('one\n')
    renameSync(folder, `${folder}.old`)
    mkdirSync(folder)
    await file.append('two\n')
    expect(readFileSync(join(folder, 'lines'), 'utf8')).toBe('two\n')
    expect(readFileSync(join(`${folder}.old`, 'lines'), 'utf8')).toBe('one\n')
  })

  it('rejects with a storage error', async () => {
    await expect(new AppendFile('/dev/full/x').append('a\n')).rejects.toMatchObject({ name: 'StorageError' })
  })
})
