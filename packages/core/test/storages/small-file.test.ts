import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { readSmallFile } from '../../src/storages/small-file.js'

describe('readSmallFile', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'isr-small-'))
  afterAll(() => rm(folder, { recursive: true }))
  const path = join(folder, 'file')

  it('reads a file up to the limit', async () => {
    await writeFile(path, 'abcd')
    expect(Buffer.from((await readSmallFile(path, 4)) ?? []).toString()).toBe('abcd')
    expect(await readSmallFile(path, 3)).toBeUndefined()
    await writeFile(path, '')
    expect(await readSmallFile(path, 3)).toHaveLength(0)
  })

  it('never reads on beyond the limit', async () => {
    expect(await readSmallFile('/dev/zero', 1000)).toBeUndefined()
  })

  it('passes the error of the system on', async () => {
    await expect(readSmallFile(join(folder, 'none'), 10)).rejects.toMatchObject({ code: 'ENOENT' })
    await expect(readSmallFile(folder, 10)).rejects.toMatchObject({ code: 'EISDIR' })
  })
})
