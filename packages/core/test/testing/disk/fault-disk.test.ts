import { execFileSync } from 'node:child_process'
import { open, readFile, readdir, writeFile } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { FaultDisk } from '../../../src/testing/disk/fault-disk.js'

const reason = await FaultDisk.unavailable()
if (reason !== undefined) console.warn(`left out: ${reason}`)

describe.runIf(reason === undefined)('FaultDisk', () => {
  it('fills up and is freed', async () => {
    await using disk = await FaultDisk.tmpfs({ sizeMb: 4 })
    await disk.fill()
    await expect(writeFile(join(disk.folder, 'a'), Buffer.alloc(5000))).rejects.toThrow(/ENOSPC/)
    await disk.free()
    await writeFile(join(disk.folder, 'a'), Buffer.alloc(5000))
  })

  it('hangs, and goes on', async () => {
    await using disk = await FaultDisk.ext4()
    const path = join(disk.folder, 'a')
    let isOver = false
    const frozen = disk.freeze(1).then(() => (isOver = true))
    let longestMs = 0
    // whenever it begins: what is written then waits for its end
    while (!isOver) {
      const began = performance.now()
      await writeFile(path, 'late')
      longestMs = Math.max(longestMs, performance.now() - began)
    }
    await frozen
    expect(longestMs).toBeGreaterThan(500)
    expect(await readFile(path, 'utf8')).toBe('late')
  })

  it('after a power cut there is what was forced to it', async () => {
    await using disk = await FaultDisk.ext4()
    const handle = await open(join(disk.folder, 'forced'), 'w')
    await handle.write('kept')
    await handle.datasync()
    await writeFile(join(disk.folder, 'not-forced'), 'lost')
    await using after = await disk.powerCut()
    await handle.close()
    expect(await readFile(join(after.folder, 'forced'), 'utf8')).toBe('kept')
    const names = await readdir(after.folder)
    const text = names.includes('not-forced') ? await readFile(join(after.folder, 'not-forced'), 'utf8') : ''
    expect(text).toBe('')
    expect(await readFile(join(disk.folder, 'not-forced'), 'utf8')).toBe('lost')
  })

  it('turns read-only under open files, and can be repaired', async () => {
    await using disk = await FaultDisk.ext4()
    const handle = await open(join(disk.folder, 'a'), 'w')
    await handle.write('x')
    await handle.datasync()
    await disk.readOnly()
    await expect(writeFile(join(disk.folder, 'b'), 'x')).rejects.toThrow(/EROFS|EIO/)
    await handle.close().catch(() => undefined)
    await disk.writable()
    await writeFile(join(disk.folder, 'b'), 'x')
  })

  it('takes what it cannot keep: the error comes with fsync', async () => {
    await using disk = await FaultDisk.failingWriteback({ sizeMb: 32 })
    await disk.fill()
    const handle = await open(join(disk.folder, 'a'), 'w')
    await handle.write(Buffer.alloc(8 << 20, 1))
    await expect(handle.datasync()).rejects.toThrow(/EIO|ENOSPC/)
    await handle.close().catch(() => undefined)
  })

  it('leaves nothing behind, disposed or not', async () => {
    let folder: string
    {
      await using disk = await FaultDisk.tmpfs({ sizeMb: 1 })
      folder = disk.folder
    }
    expect(existsSync(folder)).toBe(false)
    expect(execFileSync('mount', { encoding: 'utf8' })).not.toContain(folder)
  })
})
