import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { removeFile, writeFileAtomic } from '../../src/storages/atomic-file.js'

const root = mkdtempSync(join(tmpdir(), 'isr-atomic-'))
afterAll(() => rmSync(root, { recursive: true }))

describe('writeFileAtomic', () => {
  it('makes the folder, replaces the text, leaves nothing beside it', async () => {
    const path = join(root, 'deep', 'status.json')
    await writeFileAtomic(path, 'one')
    await writeFileAtomic(path, 'two')
    expect(readFileSync(path, 'utf8')).toBe('two')
    expect(readdirSync(join(root, 'deep'))).toEqual(['status.json'])
  })

  it('does the same when it forces file and folder to disk', async () => {
    const path = join(root, 'durable/notes.json')
    await writeFileAtomic(path, 'one', { isDurable: true })
    await writeFileAtomic(path, 'two', { isDurable: true })
    expect(readFileSync(path, 'utf8')).toBe('two')
    expect(readdirSync(join(root, 'durable'))).toEqual(['notes.json'])
  })

  it('leaves nothing behind when it fails', async () => {
    const folder = join(root, 'blocked')
    mkdirSync(join(folder, 'status.json'), { recursive: true })
    await expect(writeFileAtomic(join(folder, 'status.json'), 'text')).rejects.toMatchObject({ name: 'StorageError' })
    expect(readdirSync(folder)).toEqual(['status.json'])
  })
})

describe('removeFile', () => {
  it('removes a file, and does not mind when there is none', async () => {
    const path = join(root, 'once')
    await writeFileAtomic(path, 'text')
    await removeFile(path)
    await removeFile(path)
    expect(readdirSync(root)).not.toContain('once')
    await expect(removeFile(root)).rejects.toMatchObject({ name: 'StorageError' })
  })
})
