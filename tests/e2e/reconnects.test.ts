import { readFileSync } from 'node:fs'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { HttpSource, Never, Recorder, type RecorderEvents } from '@isr/core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { CHECKER_TOOLS, checkFiles, VERBATIM_MP3 } from './rig/checkers.js'
import type { Feeder, FeedKind } from './rig/feeder.js'
import { FEED_KINDS, startFeeder } from './rig/feeder.js'
import type { Icecast } from './rig/icecast.js'
import { startIcecast } from './rig/icecast.js'
import { decodePcm } from './rig/probe.js'
import { describeWithTools } from './rig/require-tool.js'
import { tempDir } from './rig/temp-dir.js'
import { waitUntil } from './rig/wait-until.js'
import { lawBreaks, readLedger, type LedgerFile } from './support/ledger-file.js'
import { audioPackets, bodyOf } from './support/ogg-packets.js'
import { expectPartOf } from './support/part-of.js'

/** How the listener is cut, and for how long nobody gets through. */
const CUTS = [
  { how: 'reset', downMs: 0 },
  { how: 'end', downMs: 1200 },
  { how: 'reset', downMs: 2000 },
] as const

/** A way to the server that can be cut. */
class CuttableWay {
  readonly #server: Server
  readonly #pairs = new Set<readonly [Socket, Socket]>()
  #isDown = false

  constructor(port: number) {
    this.#server = createServer((near) => {
      if (this.#isDown) return void near.resetAndDestroy()
      const far = connect(port, '127.0.0.1')
      const pair = [near, far] as const
      this.#pairs.add(pair)
      for (const socket of pair) {
        socket.on('error', () => {})
        socket.on('close', () => {
          for (const other of pair) other.destroy()
          this.#pairs.delete(pair)
        })
      }
      near.pipe(far)
      far.pipe(near)
    })
  }

  async open(): Promise<number> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    return (this.#server.address() as { port: number }).port
  }

  cut(how: 'reset' | 'end'): void {
    this.#isDown = true
    for (const [near, far] of this.#pairs) {
      far.unpipe(near)
      far.destroy()
      if (how === 'reset') near.resetAndDestroy()
      else near.end()
    }
  }

  /** Nothing comes through any more, and nobody is told. */
  freeze(): void {
    for (const [near, far] of this.#pairs) {
      far.unpipe(near)
      far.pause()
    }
  }

  mend(): void {
    this.#isDown = false
  }

  close(): void {
    this.cut('reset')
    this.#server.close()
  }
}

const MIRRORED = ['mp3', 'opus'] as const

const EXTENSIONS: Record<FeedKind, string> = {
  ...{ mp3: '.mp3', aac: '.aac', vorbis: '.ogg', opus: '.opus', 'ogg-flac': '.oga', flac: '.flac' },
}

describeWithTools([...CHECKER_TOOLS, 'icecast2'], 'a real Icecast whose listeners are cut', () => {
  const folder = tempDir('isr-reconnects-')
  const recordings = join(folder, 'recordings')
  const copyOf = (kind: FeedKind) => join(folder, `${kind}${EXTENSIONS[kind]}`)
  const seams: Parameters<RecorderEvents['seam']>[0][] = []
  let icecast: Icecast
  let way: CuttableWay
  let frozen: CuttableWay
  const warnings: string[] = []
  let feeders: Feeder[] = []
  let ledger: LedgerFile

  const linesOf = (kind: FeedKind) => ledger.recordings.filter(({ source }) => source === kind)
  const pathsOf = (kind: FeedKind) => linesOf(kind).map(({ name }) => join(recordings, name))

  beforeAll(async () => {
    // half a second of FLAC would fit into the usual 64 KiB
    icecast = await startIcecast({ burstBytes: 600_000 })
    way = new CuttableWay(icecast.port)
    frozen = new CuttableWay(icecast.port)
    const port = await way.open()
    feeders = await Promise.all(
      FEED_KINDS.map((kind, seed) => startFeeder(icecast, kind, { seed, copyTo: copyOf(kind) })),
    )
    const recorders = FEED_KINDS.map((kind) => {
      const recorder = new Recorder({
        source: new HttpSource({ name: kind, url: `http://127.0.0.1:${port}/${kind}` }),
        storage: recordings,
        filenamePrefix: kind,
        splitter: new Never(),
        splitJoin: 'verbatim',
        retry: { maxAttempts: 0, delayMs: 200, maxDelayMs: 200 },
      })
      recorder.on('seam', (seam) => void seams.push(seam))
      recorder.start()
      return recorder
    })
    // one of each has a mirror, and its own way does not break but falls silent, for ever
    const frozenPort = await frozen.open()
    for (const kind of MIRRORED) {
      const recorder = new Recorder({
        source: new HttpSource({ name: `mirrored ${kind}`, url: `http://127.0.0.1:${frozenPort}/${kind}` }),
        mirrors: [`http://user:secret@127.0.0.1:${icecast.port}/${kind}`],
        storage: join(folder, 'mirrored'),
        filenamePrefix: kind,
        splitter: new Never(),
        splitJoin: 'verbatim',
        stallTimeoutMs: 3000,
      })
      recorder.on('warning', ({ message }) => void warnings.push(message))
      recorder.start()
      recorders.push(recorder)
    }
    const goOn = async (seconds: number) => {
      const wanted = recorders.map(({ status }) => status.recordedSeconds + seconds)
      const all = () => recorders.every(({ status }, index) => status.recordedSeconds >= wanted[index])
      await waitUntil(`${seconds} s more of all`, all, 30_000)
    }
    await goOn(4)
    frozen.freeze()
    for (const { how, downMs } of CUTS) {
      way.cut(how)
      await new Promise((resolve) => setTimeout(resolve, downMs))
      way.mend()
      await goOn(3)
    }
    await Promise.all(recorders.map((recorder) => recorder.stop()))
    await Promise.all(feeders.map((feeder) => feeder.stop('SIGINT')))
    ledger = readLedger(recordings)
  }, 120_000)

  afterAll(async () => {
    way?.close()
    frozen?.close()
    await Promise.all(feeders.map((feeder) => feeder.stop()))
    await icecast?.stop()
  })

  it('leaves a file for each connection, a seam between them, and no gap', () => {
    expect(ledger.gaps).toEqual([])
    expect(lawBreaks(ledger)).toEqual([])
    for (const kind of FEED_KINDS) expect(linesOf(kind), kind).toHaveLength(CUTS.length + 1)
    expect(seams).toHaveLength(FEED_KINDS.length * CUTS.length)
  })

  it('leaves files that no checker has a word against', async () => {
    expect(await checkFiles(FEED_KINDS.flatMap(pathsOf), { allow: VERBATIM_MP3 })).toEqual([])
  })

  it.each(['mp3', 'aac'] as const)('has every byte that was sent, once: %s', (kind) => {
    const sent = readFileSync(copyOf(kind))
    const recorded = Buffer.concat(pathsOf(kind).map((path) => readFileSync(path)))
    expect(recorded.length).toBeGreaterThan(12 * 12_000)
    expect(sent.indexOf(recorded)).toBeGreaterThanOrEqual(0)
  })

  it.each(['vorbis', 'opus', 'ogg-flac'] as const)('has every packet that was sent, once: %s', (kind) => {
    const packets = pathsOf(kind).flatMap((path) => audioPackets(readFileSync(path)))
    expect(packets.length).toBe(linesOf(kind).reduce((sum, { frames }) => sum + frames, 0))
    expectPartOf(packets.map(bodyOf(kind)), audioPackets(readFileSync(copyOf(kind))).map(bodyOf(kind)))
  })

  it('sounds as what was sent: flac', async () => {
    const sent = await decodePcm(copyOf('flac'))
    const parts = await Promise.all(pathsOf('flac').map((path) => decodePcm(path)))
    const recorded = Buffer.concat(parts)
    expect(recorded.length).toBeGreaterThan(12 * 44_100 * 4)
    expect(sent.indexOf(recorded)).toBeGreaterThanOrEqual(0)
  })
  it('goes on with a mirror when an address falls silent: nothing lost, nothing doubled', () => {
    const mirrored = readLedger(join(folder, 'mirrored'))
    expect(mirrored.gaps).toEqual([])
    expect(lawBreaks(mirrored)).toEqual([])
    expect(warnings.filter((message) => message.startsWith('goes on with'))).toHaveLength(MIRRORED.length)
    expect(warnings.join()).not.toMatch(/secret/)
    for (const kind of MIRRORED) {
      const lines = mirrored.recordings.filter(({ source }) => source === `mirrored ${kind}`)
      expect(lines).toHaveLength(2)
      const files = lines.map(({ name }) => readFileSync(join(folder, 'mirrored', name)))
      const sent = readFileSync(copyOf(kind))
      if (kind === 'mp3') expect(sent.indexOf(Buffer.concat(files))).toBeGreaterThanOrEqual(0)
      else expectPartOf(files.flatMap(audioPackets), audioPackets(sent))
    }
  })
})
