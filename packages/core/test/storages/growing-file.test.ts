import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import type { StorageError } from '../../src/errors.js'
import { GrowingFile } from '../../src/storages/growing-file.js'

const folder = mkdtempSync(join(tmpdir(), 'isr-growing-'))
afterAll(() => rmSync(folder, { recursive: true }))
const never = (error: StorageError) => {
  throw error
}

describe('GrowingFile', () => {
  test('grows while it is written, makes its folders, and replaces a file of its name', async () => {
    const path = join(folder, 'a/b/c.levels')
    const first = new GrowingFile(path, never)
    first.append(new Uint8Array(5000).fill(1))
    await expect.poll(() => readFileSync(path).length).toBe(5000)
    first.append(Uint8Array.of(2, 3))
    await first.end()
    expect([...readFileSync(path).subarray(4999)]).toEqual([1, 2, 3])
    const second = new GrowingFile(path, never)
    for (let byte = 0; byte < 200; byte++) for (let part = 0; part < 30; part++) second.append(Uint8Array.of(byte))
    await second.end()
    expect([...readFileSync(path)]).toEqual(Array.from({ length: 6000 }, (_, index) => Math.floor(index / 30)))
  })

  test('nothing makes no file', async () => {
    await new GrowingFile(join(folder, 'none'), never).end()
    expect(existsSync(join(folder, 'none'))).toBe(false)
  })

  test('tells once that it cannot be written, and takes no more', async () => {
    writeFileSync(join(folder, 'file'), '')
    const faults: StorageError[] = []
    const file = new GrowingFile(join(folder, 'file/x.levels'), (error) => void faults.push(error))
    file.append(new Uint8Array(600))
    await expect.poll(() => faults.length).toBe(1)
    file.append(new Uint8Array(600))
    await file.end()
    expect(faults).toHaveLength(1)
    expect(faults[0].code).toBe('ISR_STORAGE_DENIED')
    expect(faults[0].message).toContain('x.levels')
  })
})
