import { createWriteStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { expect, it } from 'vitest'
import type { FeedKind } from '../e2e/rig/feeder.js'
import { FEED_KINDS, startFeeder } from '../e2e/rig/feeder.js'
import { startIcecast } from '../e2e/rig/icecast.js'
import { describeWithTools } from '../e2e/rig/require-tool.js'
import { tempDir } from '../e2e/rig/temp-dir.js'

const magic: Record<FeedKind, (head: Buffer) => boolean> = {
  mp3: (head) => head.indexOf(Buffer.from([0xff, 0xfb])) >= 0,
  aac: (head) => head.indexOf(Buffer.from([0xff, 0xf1])) >= 0,
  vorbis: (head) => head.toString('latin1', 0, 4) === 'OggS' && head.includes('\x01vorbis'),
  opus: (head) => head.toString('latin1', 0, 4) === 'OggS' && head.includes('OpusHead'),
  'ogg-flac': (head) => head.toString('latin1', 0, 4) === 'OggS' && head.includes('\x7fFLAC'),
  // joined late: frames without a header
  flac: (head) => !head.includes('fLaC') && head.indexOf(Buffer.from([0xff, 0xf8])) >= 0,
}

describeWithTools(['icecast2', 'ffmpeg'], 'the rig: a real icecast2', () => {
  it('serves six formats at once to a late listener, and keeps a copy of what was sent', async () => {
    const folder = tempDir()
    const icecast = await startIcecast({ burstBytes: 4000 })
    const feeders = await Promise.all(
      FEED_KINDS.map((kind, seed) => startFeeder(icecast, kind, { seed, copyTo: join(folder, `${kind}.copy`) })),
    )
    try {
      await Promise.all(
        FEED_KINDS.map(async (kind, index) => {
          const heard = join(folder, `${kind}.heard`)
          await listen(feeders[index].url, heard, 2500)
          const bytes = await readFile(heard)
          expect(bytes.length, kind).toBeGreaterThan(8000)
          expect(magic[kind](bytes.subarray(0, 8000)), kind).toBe(true)
          await feeders[index].stop('SIGINT')
          const copy = await readFile(join(folder, `${kind}.copy`))
          // the last thing heard, pages and headers aside, is in the copy
          expect(copy.includes(bytes.subarray(-300, -100)), kind).toBe(true)
        }),
      )
    } finally {
      await Promise.all(feeders.map((feeder) => feeder.stop()))
      await icecast.stop()
    }
    expect(icecast.log()).not.toMatch(/EROR/)
  })

  it('asks listeners for their password', async () => {
    const listeners = { '/mp3': { username: 'me', password: 'secret' } }
    const icecast = await startIcecast({ listeners })
    const feeder = await startFeeder(icecast, 'mp3')
    try {
      expect(await statusOf(feeder.url)).toBe(401)
      expect(await statusOf(feeder.url, 'me:secret')).toBe(200)
      expect(await statusOf(feeder.url, 'me:wrong')).toBe(401)
    } finally {
      await feeder.stop()
      await icecast.stop()
    }
  })
})

async function statusOf(url: string, credentials?: string): Promise<number> {
  const headers = credentials ? { authorization: `Basic ${btoa(credentials)}` } : undefined
  const answer = await fetch(url, { headers })
  await answer.body?.cancel()
  return answer.status
}

async function listen(url: string, path: string, forMs: number): Promise<void> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(forMs) })
  const body = Readable.fromWeb(answer.body as Parameters<typeof Readable.fromWeb>[0])
  await pipeline(body, createWriteStream(path)).catch(() => {})
}
