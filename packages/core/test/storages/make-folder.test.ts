import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { makeFolder } from '../../src/storages/make-folder.js'

describe('makeFolder', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'isr-folder-'))
  afterAll(() => rm(folder, { recursive: true }))

  it('makes what is missing, and leaves what exists', async () => {
    const deep = join(folder, 'a', 'b', 'c')
    await makeFolder(deep)
    await makeFolder(deep)
    await makeFolder('.')
    await makeFolder('/')
    expect((await stat(deep)).isDirectory()).toBe(true)
  })

  it('makes one folder for many who want it at once', async () => {
    await Promise.all(Array.from({ length: 20 }, (_, index) => makeFolder(join(folder, 'x', 'y', String(index % 3)))))
    expect((await stat(join(folder, 'x', 'y', '2'))).isDirectory()).toBe(true)
  })

  it('ends where a folder exists and takes no other', async () => {
    await expect(makeFolder('/proc/nowhere/recordings')).rejects.toMatchObject({ code: 'ENOENT' })
  })

  it('passes the error of the system on', async () => {
    await writeFile(join(folder, 'file'), '')
    await expect(makeFolder(join(folder, 'file', 'sub'))).rejects.toMatchObject({ code: 'ENOTDIR' })
  })
})
