import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { JOURNAL_FOLDER } from '../../../src/storages/volume/journal/layout.js'
import { FakeClock, settle } from '../../../src/testing/fake-clock.js'
import { PowerCutDisk } from '../../support/power-cut-disk.js'
import { laneOn, systemError } from '../../support/volume-lane.js'

const root = mkdtempSync(join(tmpdir(), 'isr-faults-'))
let count = 0
const directory = () => join(root, String(count++))
afterAll(() => rmSync(root, { recursive: true }))

const bytes = (length: number, fill: number) => Buffer.alloc(length, fill)

describe('a fault while files grow', () => {
  it.each([
    ['ENOSPC', 'ISR_STORAGE_FULL'],
    ['EIO', 'ISR_STORAGE_FAILED'],
    ['EROFS', 'ISR_STORAGE_DENIED'],
  ])('%s when bytes are written: the file keeps what is durable, the others all', async (errno, code) => {
    const [folder, disk, clock] = [directory(), new PowerCutDisk(), new FakeClock()]
    const create = await laneOn(disk, { directory: folder, clock })
    const [bad, good] = [await create('bad.mp3'), await create('good.mp3')]
    for (const file of [bad, good]) file.append(bytes(1000, 1))
    await settle()
    expect(bad.unsyncedBytes + good.unsyncedBytes).toBe(0)
    let isBroken = true
    disk.before = (operation, path) => {
      if (isBroken && operation === 'write' && path.endsWith('bad.mp3')) throw systemError(errno)
    }
    for (const file of [bad, good]) file.append(bytes(500, 2))
    await clock.advance(100)
    await expect(bad.failed).rejects.toMatchObject({ code })
    expect(bad.unsyncedBytes).toBe(500)
    bad.append(bytes(300, 3))
    expect(bad.unsyncedBytes).toBe(800)
    await expect(bad.commit([])).rejects.toMatchObject({ code })
    await good.commit([])
    expect(readFileSync(join(folder, 'bad.mp3')).equals(bytes(1000, 1))).toBe(true)
    expect(readFileSync(join(folder, 'good.mp3')).equals(Buffer.concat([bytes(1000, 1), bytes(500, 2)]))).toBe(true)
    isBroken = false
    const next = await create('bad.mp3')
    expect(next.name).toBe('bad_1.mp3')
    next.append(bytes(800, 4))
    await next.commit([])
    expect(readFileSync(join(folder, 'bad_1.mp3')).length).toBe(800)
    expect(disk.openPaths).toEqual([])
  })

  it('a disk that fills takes a part of a write: that part stays', async () => {
    const [folder, disk, clock] = [directory(), new PowerCutDisk(), new FakeClock()]
    const create = await laneOn(disk, { directory: folder, clock })
    const file = await create('a.mp3')
    const write = disk.write.bind(disk)
    let left = 1500
    disk.write = (handle, data, offset, length, position) => {
      if (left === 0) throw systemError('ENOSPC')
      const taken = Math.min(left, length)
      left -= taken
      return write(handle, data, offset, taken, position)
    }
    file.append(bytes(2000, 1))
    await expect(file.failed).rejects.toMatchObject({ code: 'ISR_STORAGE_FULL' })
    expect(file.unsyncedBytes).toBe(500)
    await expect(file.commit([])).rejects.toMatchObject({ code: 'ISR_STORAGE_FULL' })
    expect(readFileSync(join(folder, 'a.mp3')).length).toBe(1500)
  })

  it('a flush that fails: nothing since the last one is believed, and it is cut off', async () => {
    const [folder, disk, clock] = [directory(), new PowerCutDisk(), new FakeClock()]
    const create = await laneOn(disk, { directory: folder, clock })
    const [bad, good] = [await create('bad.mp3'), await create('good.mp3')]
    for (const file of [bad, good]) file.append(bytes(1000, 1))
    await settle()
    disk.before = (operation, path) => {
      if (operation === 'datasync' && path.endsWith('bad.mp3')) throw systemError('EIO')
    }
    for (const file of [bad, good]) file.append(bytes(500, 2))
    await clock.advance(1000)
    await expect(bad.failed).rejects.toMatchObject({ code: 'ISR_STORAGE_FAILED' })
    expect([bad.unsyncedBytes, good.unsyncedBytes]).toEqual([500, 0])
    await expect(bad.commit([])).rejects.toMatchObject({ code: 'ISR_STORAGE_FAILED' })
    expect(readFileSync(join(folder, 'bad.mp3')).length).toBe(1000)
    await good.commit([])
  })

  it('a file whose folder cannot be opened leaves nothing behind', async () => {
    const [folder, disk] = [directory(), new PowerCutDisk()]
    const create = await laneOn(disk, { directory: folder, clock: new FakeClock() })
    await (await create('before.mp3')).commit([])
    disk.before = (operation, path) => {
      if (operation === 'open' && path === folder) throw systemError('EMFILE')
    }
    await expect(create('a.mp3')).rejects.toMatchObject({ code: 'ISR_STORAGE_FAILED' })
    expect(readdirSync(folder).filter((name) => name.endsWith('.mp3'))).toEqual(['before.mp3'])
    disk.before = () => {}
    const again = await create('a.mp3')
    expect(again.name).toBe('a.mp3')
    await again.commit([])
  })

  it('a file whose name cannot be made durable fails, and nothing of it is called durable', async () => {
    const [folder, disk, clock] = [directory(), new PowerCutDisk(), new FakeClock()]
    const create = await laneOn(disk, { directory: folder, clock })
    await (await create('before.mp3')).commit([])
    disk.before = (operation, path) => {
      if (operation === 'sync' && path === folder) throw systemError('EIO')
    }
    const file = await create('a.mp3')
    file.append(bytes(1000, 1))
    await clock.advance(3000)
    await expect(file.failed).rejects.toMatchObject({ code: 'ISR_STORAGE_FAILED' })
    expect(file.unsyncedBytes).toBe(1000)
    await expect(file.commit([])).rejects.toMatchObject({ code: 'ISR_STORAGE_FAILED' })
    expect(readFileSync(join(folder, 'a.mp3')).length).toBe(0)
    expect(disk.openPaths).toEqual([])
  })

  it('files that are made while the folder may not be written, and when it may again', async () => {
    const [folder, disk] = [directory(), new PowerCutDisk()]
    const create = await laneOn(disk, { directory: folder, clock: new FakeClock() })
    disk.before = (operation) => {
      if (operation === 'open') throw systemError('EACCES')
    }
    await expect(create('a.mp3')).rejects.toMatchObject({ code: 'ISR_STORAGE_DENIED' })
    disk.before = () => {}
    await (await create('b.mp3')).commit([])
    expect(disk.openPaths).toEqual([])
  })
})

describe('a flush that takes its time', () => {
  /** Flushes of what ends so hang until they are let go. */
  function hold(disk: PowerCutDisk, end: string): () => void {
    let release!: () => void
    const released = new Promise<void>((resolve) => {
      release = resolve
    })
    disk.before = (operation, path) =>
      (operation === 'datasync' || operation === 'sync') && path.endsWith(end) ? released : undefined
    return release
  }

  it.each(['never', 'always'] as const)(
    'holds up no writing, no new file and no line (group commit %s)',
    async (groupCommit) => {
      const [folder, disk, clock] = [directory(), new PowerCutDisk(), new FakeClock()]
      const create = await laneOn(disk, { directory: folder, clock, groupCommit })
      const file = await create('a.mp3')
      file.append(bytes(1000, 1))
      await clock.advance(1000)
      const release = hold(disk, '')
      for (let second = 0; second < 3; second++) {
        file.append(bytes(1000, 2))
        await clock.advance(1000)
      }
      const other = await create('deep/er/b.mp3')
      other.append(bytes(500, 3))
      await clock.advance(200)
      expect(readFileSync(join(folder, 'a.mp3')).length).toBe(4000)
      expect(readFileSync(join(folder, 'deep/er/b.mp3')).length).toBe(500)
      expect([file.waitingBytes, other.waitingBytes]).toEqual([0, 0])
      expect([file.unsyncedBytes, other.unsyncedBytes]).toEqual([3000, 500])
      const ended = Promise.all([file.commit([{ offsetBytes: 0, bytes: bytes(10, 9) }]), other.commit([])])
      await clock.advance(1000)
      expect([file.unsyncedBytes, other.unsyncedBytes]).toEqual([3000, 500])
      release()
      await ended
      await settle()
      expect(readFileSync(join(folder, 'a.mp3')).subarray(0, 11)).toEqual(Buffer.concat([bytes(10, 9), bytes(1, 1)]))
      expect(disk.openPaths).toEqual([])
    },
  )

  it('calls durable what was written when it began, and not what came since', async () => {
    const [folder, disk, clock] = [directory(), new PowerCutDisk(), new FakeClock()]
    const create = await laneOn(disk, { directory: folder, clock })
    const file = await create('a.mp3')
    await clock.advance(1000)
    const release = hold(disk, 'a.mp3')
    file.append(bytes(1000, 1))
    await clock.advance(1000)
    file.append(bytes(300, 2))
    await clock.advance(100)
    const releaseNext = hold(disk, 'a.mp3')
    release()
    await settle()
    expect(file.unsyncedBytes).toBe(300)
    // it was time for it meanwhile: it follows at once
    releaseNext()
    await settle()
    expect(file.unsyncedBytes).toBe(0)
    await file.commit([])
  })

  it('that fails after all is not made good by the next one', async () => {
    const [folder, disk, clock] = [directory(), new PowerCutDisk(), new FakeClock()]
    const create = await laneOn(disk, { directory: folder, clock })
    const file = await create('a.mp3')
    file.append(bytes(1000, 1))
    await clock.advance(1000)
    let fail!: (error: Error) => void
    const failing = new Promise<void>((_, reject) => {
      fail = reject
    })
    let isFirst = true
    disk.before = (operation, path) => {
      if (operation !== 'datasync' || !path.endsWith('a.mp3') || !isFirst) return undefined
      isFirst = false
      return failing
    }
    file.append(bytes(500, 2))
    await clock.advance(1000)
    const ended = file.commit([])
    await settle()
    fail(systemError('EIO'))
    await expect(ended).rejects.toMatchObject({ code: 'ISR_STORAGE_FAILED' })
    expect(file.unsyncedBytes).toBe(500)
    expect(readFileSync(join(folder, 'a.mp3')).length).toBe(1000)
  })
})

describe('group commit', () => {
  const journals = (folder: string) =>
    existsSync(join(folder, JOURNAL_FOLDER)) ? readdirSync(join(folder, JOURNAL_FOLDER)) : []

  it('flushes one journal instead of many files, and takes it away when all have ended', async () => {
    const [folder, disk, clock] = [directory(), new PowerCutDisk(), new FakeClock()]
    const create = await laneOn(disk, { directory: folder, clock, groupCommit: 'always' })
    const files = await Promise.all(Array.from({ length: 20 }, (_, index) => create(`${index}.mp3`)))
    for (const file of files) file.append(bytes(1000, 1))
    await clock.advance(1000)
    expect(journals(folder)).toHaveLength(1)
    const flushed: string[] = []
    disk.before = (operation, path) => {
      if (operation === 'datasync') flushed.push(path.slice(-4))
    }
    for (let second = 0; second < 5; second++) {
      for (const file of files) file.append(bytes(1000, 2))
      await clock.advance(1000)
      expect(Math.max(...files.map(({ unsyncedBytes }) => unsyncedBytes))).toBe(0)
    }
    expect(flushed.length).toBeGreaterThan(4)
    expect(new Set(flushed)).toEqual(new Set(['.bin']))
    // after half a minute the files themselves are flushed
    for (let second = 0; second < 30; second++) {
      for (const file of files) file.append(bytes(10, 3))
      await clock.advance(1000)
    }
    expect(flushed.filter((path) => path === '.mp3').length).toBe(20)
    await Promise.all(files.map((file) => file.commit([{ offsetBytes: 0, bytes: bytes(10, 9) }])))
    await settle()
    expect(journals(folder)).toEqual([])
    expect(disk.openPaths).toEqual([])
    const content = Buffer.concat([bytes(1000, 1), bytes(5000, 2), bytes(300, 3)]).fill(9, 0, 10)
    for (const { name } of files) expect(readFileSync(join(folder, name)).equals(content)).toBe(true)
  })

  it('begins where flushes are slow and ends where they are quick again', async () => {
    const [folder, disk, clock] = [directory(), new PowerCutDisk(), new FakeClock()]
    let flushMs = 0
    disk.before = async (operation) => {
      if (operation === 'datasync' && flushMs > 0) await new Promise((resolve) => setTimeout(resolve, flushMs))
    }
    const create = await laneOn(disk, { directory: folder, clock, syncMs: 100, groupCommit: 'auto' })
    const files = await Promise.all(Array.from({ length: 10 }, (_, index) => create(`${index}.mp3`)))
    const record = async (isDone: () => boolean) => {
      await expect
        .poll(
          async () => {
            for (const file of files) file.append(bytes(10, 1))
            await clock.advance(1000)
            return isDone()
          },
          { timeout: 20_000, interval: 5 },
        )
        .toBe(true)
    }
    await record(() => true)
    expect(journals(folder)).toEqual([])
    flushMs = 10
    await record(() => journals(folder).length === 1)
    flushMs = 0
    await record(() => journals(folder).length === 0)
    await Promise.all(files.map((file) => file.commit([])))
  })

  it.each(['write', 'datasync', 'open'] as const)('goes without a journal whose %s fails', async (broken) => {
    const [folder, disk, clock] = [directory(), new PowerCutDisk(), new FakeClock()]
    const create = await laneOn(disk, { directory: folder, clock, groupCommit: 'always' })
    const files = await Promise.all(Array.from({ length: 5 }, (_, index) => create(`${index}.mp3`)))
    const breaks = () => {
      disk.before = (operation, path) => {
        if (operation === broken && path.endsWith('.bin')) throw systemError('ENOSPC')
      }
    }
    if (broken === 'open') breaks()
    for (let second = 0; second < 6; second++) {
      if (second === 3) breaks()
      for (const file of files) file.append(bytes(1000, second))
      await clock.advance(1000)
      await settle()
      expect(Math.max(...files.map(({ unsyncedBytes }) => unsyncedBytes))).toBe(0)
    }
    expect(journals(folder)).toEqual([])
    await Promise.all(files.map((file) => file.commit([])))
    for (const { name } of files) expect(readFileSync(join(folder, name)).length).toBe(6000)
  })

  it('keeps the journal for recovery when a file that has ended cannot be flushed', async () => {
    const [folder, disk, clock] = [directory(), new PowerCutDisk(), new FakeClock()]
    const create = await laneOn(disk, { directory: folder, clock, groupCommit: 'always' })
    const [bad, good] = [await create('bad.mp3'), await create('good.mp3')]
    for (let second = 0; second < 3; second++) {
      for (const file of [bad, good]) file.append(bytes(1000, 1))
      await clock.advance(1000)
    }
    disk.before = (operation, path) => {
      if (operation === 'datasync' && path.endsWith('bad.mp3')) throw systemError('EIO')
    }
    await bad.commit([])
    await good.commit([])
    await settle()
    expect(journals(folder)).toHaveLength(1)
    expect(disk.openPaths).toEqual([])
  })
})
