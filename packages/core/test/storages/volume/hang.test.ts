import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { constants, existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { open, stat, type FileHandle } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ThreadedTests } from '../../support/threaded-storage.js'

const otherVolume = '/dev/shm'
const hasTwo = existsSync(otherVolume) && statSync(otherVolume).dev !== statSync(tmpdir()).dev

/** More than a pipe takes. */
const MUCH = 'x'.repeat(100_000)

// needs two volumes: /dev/shm and the folder of temporary files
describe.runIf(hasTwo)('a volume that hangs', () => {
  const tests = new ThreadedTests('isr-hang-')
  let hanging: string
  let sound: string
  let fifo: string
  let reader: FileHandle | undefined
  let blocked: Promise<void>

  beforeEach(() => {
    hanging = mkdtempSync(join(otherVolume, 'isr-hang-'))
    sound = mkdtempSync(join(tmpdir(), 'isr-sound-'))
    fifo = join(hanging, 'fifo')
    execFileSync('mkfifo', [fifo])
    reader = undefined
  })
  afterEach(async () => {
    await release()
    await blocked
    await reader?.close()
    for (const folder of [hanging, sound]) rmSync(folder, { recursive: true })
  })

  /** The thread writes to a pipe that nobody reads. */
  async function hang(): Promise<void> {
    const pipe = new tests.threaded.AppendFile(fifo)
    await pipe.open()
    blocked = pipe.append(MUCH).catch(() => {}) // a pipe cannot be forced to disk
    await new Promise((resolve) => setTimeout(resolve, 50))
  }

  async function release(): Promise<void> {
    if (reader) return
    reader = await open(fifo, constants.O_RDWR | constants.O_NONBLOCK)
    const buffer = Buffer.alloc(1 << 16)
    for (let left = MUCH.length; left > 0;) {
      const { bytesRead } = await reader.read(buffer, 0, Math.min(left, buffer.length)).catch(() => ({ bytesRead: 0 }))
      left -= bytesRead
    }
  }

  it('stops nobody else, loses nothing, and goes on when it is back', async () => {
    const bad = new tests.threaded.FileStorage({ directory: join(hanging, 'r') })
    const good = new tests.threaded.FileStorage({ directory: join(sound, 'r') })
    const [waiting, going] = [await bad.create('a.mp3'), await good.create('a.mp3')]
    await hang()
    // more than there are threads in Node's pool
    const creations = Array.from({ length: 8 }, (_, index) => bad.create(`late-${index}.mp3`))
    const piece = Buffer.from('sixteen bytes ..')
    for (let index = 0; index < 3000; index++) {
      waiting.append(piece)
      going.append(piece)
    }
    await going.commit([])
    expect((await stat(join(sound, 'r', 'a.mp3'))).size).toBe(48_000)
    await (await good.create('b.mp3')).commit([])
    expect(waiting.unsyncedBytes).toBe(48_000)
    expect((await stat(join(hanging, 'r', 'a.mp3'))).size).toBe(0)
    await release()
    for (const writer of await Promise.all(creations)) await writer.commit([])
    await waiting.commit([])
    expect(readFileSync(join(hanging, 'r', 'a.mp3')).equals(Buffer.concat(Array<Buffer>(3000).fill(piece)))).toBe(true)
  })

  it('lets the process end', async () => {
    const load = (name: string) => `await import(${JSON.stringify(join(tests.threaded.folder, name))})`
    const program = `
      const { AppendFile } = ${load('append-file.js')}
      const { isVolumeHanging } = ${load('volumes.js')}
      const pipe = new AppendFile(${JSON.stringify(fifo)})
      await pipe.open()
      if (isVolumeHanging(20_000)) throw new Error('it does not yet')
      void pipe.append('${'x'.repeat(100_000)}')
      await new Promise((resolve) => setTimeout(resolve, 50))
      if (isVolumeHanging(100)) process.kill(process.pid, 'SIGKILL')
      process.exit(0)`
    const child = spawn(process.execPath, ['--input-type=module'], { stdio: ['pipe', 'ignore', 'inherit'] })
    child.stdin.end(program)
    const [, signal] = (await once(child, 'exit')) as [unknown, string]
    expect(signal).toBe('SIGKILL')
    await hang()
  })

  it('fails a file for which too much waits, and cuts it to what was durable', async () => {
    const storage = new tests.threaded.FileStorage({ directory: join(hanging, 'r'), mostWaitingBytes: 100_000 })
    const writer = await storage.create('a.mp3')
    writer.append(Buffer.alloc(1000, 1))
    await expect.poll(() => writer.unsyncedBytes).toBe(0)
    await hang()
    for (let index = 0; index < 9; index++) writer.append(Buffer.alloc(10_000, 2))
    await new Promise((resolve) => setTimeout(resolve, 150))
    writer.append(Buffer.alloc(20_000, 3))
    await expect(writer.failed).rejects.toMatchObject({ code: 'ISR_STORAGE_STALLED' })
    expect(writer.unsyncedBytes).toBe(110_000)
    await release()
    await expect(writer.commit([])).rejects.toMatchObject({ code: 'ISR_STORAGE_STALLED' })
    expect(readFileSync(join(hanging, 'r', 'a.mp3')).equals(Buffer.alloc(1000, 1))).toBe(true)
    // the next file of that volume
    const next = await storage.create('b.mp3')
    next.append(Buffer.alloc(5, 4))
    await next.commit([])
    expect((await stat(join(hanging, 'r', 'b.mp3'))).size).toBe(5)
  })
})
