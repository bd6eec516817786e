import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Background } from './rig/background.js'
import { startBackground } from './rig/background.js'
import { CHECKER_TOOLS, checkFiles } from './rig/checkers.js'
import type { Icecast } from './rig/icecast.js'
import { startIcecast } from './rig/icecast.js'
import { decodePcm, flacTotals } from './rig/probe.js'
import { describeWithTools } from './rig/require-tool.js'
import { tempDir } from './rig/temp-dir.js'
import { startIsr } from './support/isr.js'
import type { LedgerFile } from './support/ledger-file.js'
import { lawBreaks, readLedger } from './support/ledger-file.js'

const SPLIT_SECONDS = 3

/** Streams unlike each other in what a STREAMINFO made from a frame must get right. */
const feeds = {
  cd: '-ar 44100 -ac 2 -sample_fmt s16 -c:a flac',
  'small blocks': '-ar 48000 -ac 1 -sample_fmt s16 -c:a flac -frame_size 1152',
  '24 bit': '-ar 48000 -ac 2 -sample_fmt s32 -bits_per_raw_sample 24 -c:a flac',
} as const
type Feed = keyof typeof feeds
const names = Object.keys(feeds) as Feed[]

describeWithTools([...CHECKER_TOOLS, 'icecast2'], 'native FLAC joined late, on a real Icecast', () => {
  const folder = tempDir('isr-late-')
  let icecast: Icecast
  let feeders: Background[] = []
  let ledgers: LedgerFile[]

  const mountOf = (feed: Feed) => `/${feed.replace(' ', '-')}`
  const copyOf = (feed: Feed) => join(folder, `${feed}.flac`)
  const pathOf = (joiner: number, name: string) => join(folder, String(joiner), name)
  const linesOf = (ledger: LedgerFile, feed: Feed) =>
    ledger.recordings.filter(({ source }) => source === feed).sort((a, b) => a.seq - b.seq)

  /** ffmpeg sends noise under a tone to the mount in real time, and keeps a copy. */
  function feed(name: Feed, seed: number): Promise<Background> {
    const target = `icecast://source:${icecast.sourcePassword}@127.0.0.1:${icecast.port}${mountOf(name)}`
    return startBackground('ffmpeg', [
      ...`-nostdin -v error -re -f lavfi -i anoisesrc=a=0.2:r=48000:seed=${seed} -map_metadata -1`.split(' '),
      ...feeds[name].split(' '),
      ...['-map', '0:a', '-f', 'tee', '-flush_packets', '1'],
      `[f=flac:content_type=audio/flac]${target}|[f=flac]${copyOf(name)}`,
    ])
  }

  /** Records all feeds for `seconds`, into a folder of its own. */
  async function joinLate(joiner: number, seconds: number): Promise<LedgerFile> {
    const recordings = join(folder, String(joiner))
    const sources = names.map((name) => `[${name}]\nurl = ${icecast.url(mountOf(name))}\n`)
    const general = `[general]\noutput_directory = ${recordings}\nlog_file =\nsplit_minutes = ${SPLIT_SECONDS / 60}\n`
    const config = join(folder, `${joiner}.ini`)
    await writeFile(config, general + sources.join(''))
    const isr = await startIsr(['record', config, '--duration', String(seconds)], { cwd: folder })
    expect(await isr.ended, isr.output()).toBe(0)
    return readLedger(recordings)
  }

  beforeAll(async () => {
    icecast = await startIcecast()
    feeders = await Promise.all(names.map(feed))
    await Promise.all(names.map((name) => icecast.waitForMount(mountOf(name))))
    const later = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
    // one joins after a second, the other amid its recording
    ledgers = await Promise.all([later(1000).then(() => joinLate(0, 8)), later(3300).then(() => joinLate(1, 5.5))])
    await Promise.all(feeders.map((feeder) => feeder.stop('SIGINT')))
  })

  afterAll(async () => {
    await Promise.all(feeders.map((feeder) => feeder.stop()))
    await icecast?.stop()
  })

  it('gives files that flac -t accepts, every one', async () => {
    const files = ledgers.flatMap(({ recordings }, joiner) => recordings.map(({ name }) => pathOf(joiner, name)))
    expect(files.length).toBeGreaterThanOrEqual(names.length * (3 + 2))
    expect(await checkFiles(files)).toEqual([])
    for (const ledger of ledgers) {
      expect(lawBreaks(ledger)).toEqual([])
      expect(ledger.gaps).toEqual([])
      for (const line of ledger.recordings) {
        const path = pathOf(ledgers.indexOf(ledger), line.name)
        expect(flacTotals(path).samples, line.name).toBe(line.samples)
      }
    }
  })

  it('really was given no header: the frame that the joint fell into is a discard', () => {
    for (const ledger of ledgers) {
      for (const name of names) {
        const { run } = linesOf(ledger, name)[0]
        const lost = ledger.discards.filter((line) => line.run === run && line.reason !== 'partial-frame')
        expect(lost.length, name).toBeGreaterThan(0)
      }
    }
  })

  it.each(names)('holds the very samples that were sent: %s', async (name) => {
    const sent = await decodePcm(copyOf(name))
    for (const [joiner, ledger] of ledgers.entries()) {
      const parts: Buffer[] = []
      for (const line of linesOf(ledger, name)) parts.push(await decodePcm(pathOf(joiner, line.name)))
      const heard = Buffer.concat(parts)
      expect(heard.length).toBeGreaterThan(4 * 48000 * 2)
      expect(sent.indexOf(heard), `joiner ${joiner}`).toBeGreaterThan(0)
    }
  })
})
