import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { mkdir, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { FileStorage } from '../../src/storages/file-storage.js'
import { FakeClock, settle } from '../../src/testing/fake-clock.js'
import { storageContract } from './storage.contract.js'

const root = mkdtempSync(join(tmpdir(), 'isr-storage-'))
let count = 0
const directory = () => join(root, String(count++))
afterAll(() => rmSync(root, { recursive: true }))

storageContract('FileStorage', () => Promise.resolve(new FileStorage({ directory: directory() })))

describe('FileStorage', () => {
  it('shows a growing file under its final name while it grows', async () => {
    const folder = directory()
    const writer = await new FileStorage({ directory: folder }).create('grow.mp3')
    writer.append(new Uint8Array(1000))
    await expect.poll(async () => (await stat(join(folder, 'grow.mp3'))).size).toBe(1000)
    await writer.commit([])
  })

  it('forces growing files to disk every syncSeconds and knows what is not durable', async () => {
    const clock = new FakeClock()
    const writer = await new FileStorage({ directory: directory(), clock, syncSeconds: 1 }).create('sync.mp3')
    writer.append(new Uint8Array(10))
    expect(writer.unsyncedBytes).toBe(10)
    await expect.poll(() => writer.unsyncedBytes).toBe(0)
    await clock.advance(200)
    writer.append(new Uint8Array(20))
    await expect.poll(() => clock.pendingTimers).toBe(1)
    expect(writer.unsyncedBytes).toBe(20)
    await clock.advance(700)
    expect(writer.unsyncedBytes).toBe(20)
    await clock.advance(100)
    await expect.poll(() => writer.unsyncedBytes).toBe(0)
    await writer.commit([])
    expect(clock.pendingTimers).toBe(0)
  })

  it('forces what comes after a pause to disk at once, however long ago the last flush is', async () => {
    const clock = new FakeClock()
    const writer = await new FileStorage({ directory: directory(), clock, syncSeconds: 1 }).create('paused.mp3')
    writer.append(new Uint8Array(10))
    await expect.poll(() => writer.unsyncedBytes).toBe(0)
    await clock.advance(300)
    // waits for its turn, 0.7 s later
    writer.append(new Uint8Array(10))
    await expect.poll(() => clock.pendingTimers).toBe(1)
    await clock.advance(700)
    await expect.poll(() => writer.unsyncedBytes).toBe(0)
    await clock.advance(300)
    writer.append(new Uint8Array(10))
    await expect.poll(() => writer.unsyncedBytes).toBe(0)
    expect(clock.pendingTimers).toBe(0)
    await writer.commit([])
  })

  it('takes what a source at full speed brings without waiting for the next batch', async () => {
    const clock = new FakeClock()
    const writer = await new FileStorage({ directory: directory(), clock, syncSeconds: 0 }).create('fast.mp3')
    writer.append(new Uint8Array(10))
    await expect.poll(() => writer.unsyncedBytes).toBe(0)
    // the clock stands still: the next batch would never be due
    for (const sizeBytes of [100_000, 200_000, 3_000_000]) writer.append(new Uint8Array(sizeBytes))
    await expect.poll(() => writer.unsyncedBytes).toBe(0)
    await writer.commit([])
  })

  it('tells of a file that was removed while it was written: what goes into it is lost', async () => {
    const folder = directory()
    const clock = new FakeClock()
    const storage = new FileStorage({ directory: folder, clock, syncSeconds: 1 })
    const [synced, closed] = [await storage.create('synced.mp3'), await storage.create('closed.mp3')]
    for (const writer of [synced, closed]) writer.append(new Uint8Array(10))
    await expect.poll(() => synced.unsyncedBytes + closed.unsyncedBytes).toBe(0)
    rmSync(folder, { recursive: true })
    const gone = { code: 'ISR_STORAGE_NOT_FOUND', message: expect.stringContaining('removed while') as string }
    await expect(closed.commit([])).rejects.toMatchObject(gone)
    await clock.advance(1000)
    synced.append(new Uint8Array(10))
    await expect(synced.failed).rejects.toMatchObject(gone)
    await expect(synced.commit([])).rejects.toMatchObject(gone)
    await (await storage.create('next.mp3')).commit([])
  })

  it('plans no syncs when they are left to the system', async () => {
    const clock = new FakeClock()
    const writer = await new FileStorage({ directory: directory(), clock, syncSeconds: 0 }).create('nosync.mp3')
    writer.append(new Uint8Array(10))
    await expect.poll(() => writer.unsyncedBytes).toBe(0)
    await settle()
    expect(clock.pendingTimers).toBe(0)
    await writer.commit([])
  })

  it('leaves hidden folders and files out of listings', async () => {
    const folder = directory()
    await mkdir(join(folder, '.isr'), { recursive: true })
    writeFileSync(join(folder, '.isr', 'ledger.jsonl'), '')
    writeFileSync(join(folder, 'a.ogg'), 'abc')
    const found = []
    for await (const file of new FileStorage({ directory: folder }).list()) found.push(file)
    expect(found).toMatchObject([{ name: 'a.ogg', sizeBytes: 3 }])
  })

  it('says that a folder cannot be made, and why', async () => {
    const folder = directory()
    writeFileSync(folder, 'a file where the folder should be')
    await expect(new FileStorage({ directory: folder }).create('a.ogg')).rejects.toMatchObject({
      code: expect.stringMatching(/^ISR_STORAGE_/) as string,
      message: expect.stringContaining(folder) as string,
    })
  })
})
