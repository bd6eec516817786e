import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { FolderTree } from '../../../src/storages/watch/folder-tree.js'

describe('FolderTree', () => {
  let root: string
  let now: number
  const write = (name: string) => writeFileSync(join(root, name), '')
  const sorted = ({ added, removed }: { added: readonly string[]; removed: readonly string[] }) => ({
    added: [...added].sort(),
    removed: [...removed].sort(),
  })

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'isr-tree-'))
    now = Date.now()
  })
  afterEach(() => rmSync(root, { recursive: true, force: true }))

  it('tells what came and went, folders and all', async () => {
    const tree = new FolderTree(root, () => now)
    mkdirSync(join(root, 'a/b'), { recursive: true })
    write('1')
    write('a/2')
    write('a/b/3')
    expect(sorted(await tree.refresh())).toEqual({ added: ['1', 'a/2', 'a/b/3'], removed: [] })
    expect(await tree.refresh()).toEqual({ added: [], removed: [] })
    write('a/4')
    rmSync(join(root, '1'))
    renameSync(join(root, 'a/b'), join(root, 'c'))
    expect(sorted(await tree.refresh())).toEqual({ added: ['a/4', 'c/3'], removed: ['1', 'a/b/3'] })
    rmSync(root, { recursive: true })
    expect(sorted(await tree.refresh())).toEqual({ added: [], removed: ['a/2', 'a/4', 'c/3'] })
  })

  it('does not see hidden names, links, or what is no file', async () => {
    const tree = new FolderTree(root, () => now)
    mkdirSync(join(root, '.isr'))
    write('.hidden')
    write('.isr/ledger')
    symlinkSync('/etc', join(root, 'etc'))
    symlinkSync('/etc/passwd', join(root, 'passwd'))
    expect(await tree.refresh()).toEqual({ added: [], removed: [] })
  })

  it('reads only folders whose time has changed, and again those that were read within the grain of that time', async () => {
    const tree = new FolderTree(root, () => now)
    const touch = (ms: number) => utimesSync(root, ms / 1000, ms / 1000)
    write('1')
    touch(now)
    await tree.refresh()
    write('2')
    touch(now)
    // same time as before: only a reader who does not trust it sees the new name
    expect((await tree.refresh()).added).toEqual(['2'])
    now += 10_000
    await tree.refresh()
    write('3')
    touch(now - 10_000)
    expect((await tree.refresh()).added).toEqual([])
    touch(now)
    expect((await tree.refresh()).added).toEqual(['3'])
  })

  it('is empty for a folder that is not there yet', async () => {
    const tree = new FolderTree(join(root, 'later'), () => now)
    expect(await tree.refresh()).toEqual({ added: [], removed: [] })
    mkdirSync(join(root, 'later'))
    write('later/1')
    expect((await tree.refresh()).added).toEqual(['1'])
  })
})
