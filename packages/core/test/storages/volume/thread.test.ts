import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { CONTROL } from '../../../src/storages/volume/shared/shared-memory.js'
import { ThreadedTests } from '../../support/threaded-storage.js'
import { storageContract } from '../storage.contract.js'

const tests = new ThreadedTests('isr-thread-')
const { directory } = tests

storageContract('FileStorage with a thread', () =>
  Promise.resolve(new tests.threaded.FileStorage({ directory: directory() })),
)

describe('the thread of a volume', () => {
  it.each(['never', 'always', 'auto'] as const)(
    'writes what many append, in order (group commit %s)',
    async (groupCommit) => {
      const folder = directory()
      const storage = new tests.threaded.FileStorage({ directory: folder, groupCommit, syncSeconds: 0.2 })
      const writers = await Promise.all(Array.from({ length: 20 }, (_, index) => storage.create(`d/${index}.wav`)))
      const expected = writers.map(() => Buffer.alloc(0))
      for (let round = 0; round < 8; round++) {
        for (const [index, writer] of writers.entries()) {
          const bytes = Buffer.alloc(1 + ((index * 7919 + round * 104_729) % 40_000), (index * 8 + round) % 256)
          expected[index] = Buffer.concat([expected[index], bytes])
          writer.append(bytes)
        }
        await expect
          .poll(() => Math.max(...writers.map(({ unsyncedBytes }) => unsyncedBytes)), { timeout: 10_000 })
          .toBe(0)
      }
      await Promise.all(writers.map((writer) => writer.commit([{ offsetBytes: 0, bytes: Buffer.from('HEAD') }])))
      for (const [index, bytes] of expected.entries()) {
        bytes.write('HEAD')
        expect(readFileSync(join(folder, 'd', `${index}.wav`)).equals(bytes)).toBe(true)
      }
      // what was needed on the way is taken away
      await expect.poll(() => existsSync(join(folder, '.isr', 'journal', '*'))).toBe(false)
    },
  )

  it('takes more at once than there is shared memory, and less than the cap', async () => {
    const storage = new tests.threaded.FileStorage({ directory: directory(), mostWaitingBytes: 64 << 20 })
    const writer = await storage.create('big.wav')
    const piece = Buffer.alloc(3_000_001, 7)
    for (let index = 0; index < 12; index++) writer.append(piece)
    await writer.commit([])
    const name = join(storage.location, 'big.wav')
    expect(readFileSync(name).equals(Buffer.alloc(36_000_012, 7))).toBe(true)
  })

  it('wakes once for what is appended in one go, however many folders it is for, and once for its flush', async () => {
    const folders = Array.from({ length: 10 }, directory)
    const storages = folders.map(
      (folder) => new tests.threaded.FileStorage({ directory: folder, groupCommit: 'never' }),
    )
    const writers = await Promise.all(storages.map((storage) => storage.create('a.mp3')))
    const unsynced = () => Math.max(...writers.map(({ unsyncedBytes }) => unsyncedBytes))
    const { control } = tests.threaded.volumes.onDevice(String(statSync(folders[0]).dev)).memory
    const wakings = () => Atomics.load(control, CONTROL.wakings) + Atomics.load(control, CONTROL.flushWakings)
    const rounds = 3
    let before = 0
    for (let round = 0; round <= rounds; round++) {
      // the first one makes folders and opens files
      if (round === 1) before = wakings()
      for (const writer of writers) writer.append(Buffer.alloc(1000, round))
      await expect.poll(unsynced, { timeout: 20_000 }).toBe(0)
      await new Promise((resolve) => setTimeout(resolve, 1000))
    }
    const spent = wakings() - before
    await Promise.all(writers.map((writer) => writer.commit([])))
    // a second one each where the machine was busy between two folders, or flushes were late
    expect(spent).toBeLessThanOrEqual(4 * rounds)
    expect(spent).toBeGreaterThanOrEqual(rounds)
  })

  it('appends lines', async () => {
    const path = join(directory(), 'lines')
    const file = new tests.threaded.AppendFile(path)
    expect(await file.open()).toBe(0)
    await file.append('one\n')
    await file.append('two\n')
    await file.close()
    expect(readFileSync(path, 'utf8')).toBe('one\ntwo\n')
  })
})
