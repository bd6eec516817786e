import { execFileSync } from 'node:child_process'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { FileSource } from '../../src/sources/file.js'
import { FakeClock } from '../../src/testing/index.js'
import { drain, payload, sameBytes } from './http/support.js'

const AUDIO = payload(700_001)
const clock = new FakeClock()
const never = new AbortController().signal
let folder = ''

/** Paths of our folder that this process has open. */
async function openFiles(): Promise<string[]> {
  const links = await Promise.all(
    (await readdir('/proc/self/fd')).map((fd) =>
      import('node:fs/promises').then((fs) => fs.readlink(`/proc/self/fd/${fd}`).catch(() => '')),
    ),
  )
  return links.filter((link) => link.startsWith(folder))
}

describe('FileSource', () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'isr-file-'))
    await writeFile(join(folder, 'a.b.mp3'), AUDIO)
    await writeFile(join(folder, 'empty'), '')
    execFileSync('mkfifo', [join(folder, 'fifo')])
  })
  afterAll(() => rm(folder, { recursive: true }))

  it('reads the whole file, unpaced, and ends cleanly', async () => {
    const source = new FileSource({ path: join(folder, 'a.b.mp3') })
    expect([source.name, source.finite]).toEqual(['a.b', true])
    const connection = await source.connect({ signal: never, clock })
    expect(connection).toMatchObject({ pace: 'unpaced', contentType: '', facts: { path: join(folder, 'a.b.mp3') } })
    expect(connection.pcm).toBeUndefined()
    const { bytes, chunks, error } = await drain(connection)
    expect(error).toBeUndefined()
    expect(sameBytes(bytes, AUDIO)).toBe('same')
    // Chunks may be kept: none shares its buffer with another.
    expect(new Set(chunks.map((chunk) => chunk.bytes.buffer)).size).toBe(chunks.length)
    expect(await openFiles()).toEqual([])
  })

  it('ends at once with an empty file', async () => {
    const connection = await new FileSource({ path: join(folder, 'empty') }).connect({ signal: never, clock })
    expect((await drain(connection)).bytes.length).toBe(0)
  })

  it.each([
    ['nothing/here.mp3', 'ISR_SOURCE_NOT_FOUND'],
    ['empty/x', 'ISR_SOURCE_NOT_FOUND'],
    ['.', 'ISR_SOURCE_FAILED'],
    ['fifo', 'ISR_SOURCE_FAILED'],
  ])('tells %s as %s', async (path, code) => {
    const source = new FileSource({ path: join(folder, path), name: 'file' })
    await expect(source.connect({ signal: never, clock })).rejects.toMatchObject({
      code,
      source: 'file',
      retryable: false,
    })
  })

  it('closes the file however it is left', async () => {
    const source = new FileSource({ path: join(folder, 'a.b.mp3') })
    const unread = await source.connect({ signal: never, clock })
    expect((await openFiles()).length).toBe(1)
    await unread[Symbol.asyncDispose]()
    for await (const chunk of await source.connect({ signal: never, clock })) {
      expect(chunk.bytes.length).toBeGreaterThan(0)
      break
    }
    const controller = new AbortController()
    const aborted = await source.connect({ signal: controller.signal, clock })
    expect((await drain(aborted, () => controller.abort())).error).toBeUndefined()
    await expect(source.connect({ signal: controller.signal, clock })).rejects.toMatchObject({ code: 'ISR_STOPPED' })
    expect(await openFiles()).toEqual([])
  })
})
