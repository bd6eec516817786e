import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Background } from './rig/background.js'
import { CHECKER_TOOLS, checkFiles, VERBATIM_MP3 } from './rig/checkers.js'
import type { Feeder, FeedKind } from './rig/feeder.js'
import { FEED_KINDS, startFeeder } from './rig/feeder.js'
import type { Icecast } from './rig/icecast.js'
import { startIcecast } from './rig/icecast.js'
import { decodePcm } from './rig/probe.js'
import { describeWithTools } from './rig/require-tool.js'
import { tempDir } from './rig/temp-dir.js'
import { waitUntil } from './rig/wait-until.js'
import { build, startIsr } from './support/isr.js'
import { lawBreaks, readLedger, type LedgerFile } from './support/ledger-file.js'
import { audioPackets, bodyOf } from './support/ogg-packets.js'
import { expectPartOf } from './support/part-of.js'

/** How each process but the last ends. */
const ENDS = ['SIGKILL', 'SIGTERM'] as const
/** Audio that each process has at least recorded when it ends. */
const LIVE_SECONDS = 2

const EXTENSIONS: Record<FeedKind, string> = {
  ...{ mp3: '.mp3', aac: '.aac', vorbis: '.ogg', opus: '.opus', 'ogg-flac': '.oga', flac: '.flac' },
}

describeWithTools(
  [...CHECKER_TOOLS, 'icecast2'],
  'a recorder that is killed, and one that is stopped, and started again',
  () => {
    const folder = tempDir('isr-restarts-')
    const recordings = join(folder, 'recordings')
    const copyOf = (kind: FeedKind) => join(folder, `${kind}${EXTENSIONS[kind]}`)
    const outputs: string[] = []
    let icecast: Icecast
    let feeders: Feeder[] = []
    let ledger: LedgerFile

    const linesOf = (kind: FeedKind) =>
      ledger.recordings
        .filter(({ source }) => source === kind)
        .sort((one, other) => Date.parse(one.startedAt) - Date.parse(other.startedAt))
    const pathOf = ({ name }: { readonly name: string }) => join(recordings, name)
    const pathsOf = (kind: FeedKind) => linesOf(kind).map(pathOf)
    /** A clock that cuts right behind a start leaves a file of some frames, which checkers take for none. */
    const judgedOf = (kind: FeedKind) =>
      linesOf(kind)
        .filter(({ durationSeconds }) => durationSeconds > 0.5)
        .map(pathOf)

    beforeAll(async () => {
      build()
      // some seconds of FLAC, however long a start takes on a busy machine
      icecast = await startIcecast({ burstBytes: 1_900_000 })
      feeders = await Promise.all(
        FEED_KINDS.map((kind, seed) => startFeeder(icecast, kind, { seed, copyTo: copyOf(kind) })),
      )
      const general = `output_directory = ${recordings}\nsplit_join = verbatim\nsplit_minutes = 0.1\nlog_file =\n`
      const sections = FEED_KINDS.map((kind) => `[${kind}]\nurl = ${icecast.url(`/${kind}`)}\n`)
      writeFileSync(join(folder, 'config.ini'), `[general]\n${general}\n${sections.join('\n')}`)
      for (const signal of [...ENDS, 'SIGTERM'] as const) {
        const isr = await startIsr(['record', 'config.ini'], { cwd: folder })
        await waitUntil(`${LIVE_SECONDS} s of all`, () => hasRecorded(isr), 60_000)
        await isr.stop(signal, 30_000)
        outputs.push(isr.output())
      }
      await Promise.all(feeders.map((feeder) => feeder.stop('SIGINT')))
      ledger = readLedger(recordings)
    }, 180_000)

    afterAll(async () => {
      await Promise.all(feeders.map((feeder) => feeder.stop()))
      await icecast?.stop()
    })

    function hasRecorded({ pid }: Background): boolean {
      try {
        const report = JSON.parse(readFileSync(join(recordings, 'status.json'), 'utf8')) as {
          readonly pid: number
          readonly sources: readonly { readonly recordedSeconds: number }[]
        }
        return report.pid === pid && report.sources.every(({ recordedSeconds }) => recordedSeconds >= LIVE_SECONDS)
      } catch {
        return false
      }
    }

    it('tells of a seam for each start but the first, and of no gap', () => {
      const [first, ...others] = outputs
      expect(first).not.toContain('without a gap')
      for (const output of others) expect(output.match(/without a gap/g), output).toHaveLength(FEED_KINDS.length)
      expect(outputs.join('')).not.toMatch(/gap of/)
      expect(ledger.gaps).toEqual([])
      expect(lawBreaks(ledger)).toEqual([])
    })

    it('leaves a ledger that is proven', async () => {
      const verify = await startIsr(['verify', recordings, '--json'], { cwd: folder })
      expect(await verify.ended, verify.output()).toBe(0)
      const { reports } = JSON.parse(verify.output()) as {
        reports: { seams: number; findings: { code: string }[] }[]
      }
      expect(reports[0].seams).toBe(FEED_KINDS.length * ENDS.length)
      // nobody has ended the runs that were killed
      expect(reports[0].findings.map(({ code }) => code)).toEqual(FEED_KINDS.map(() => 'run-open'))
    })

    it('leaves files that no checker has a word against', async () => {
      for (const kind of FEED_KINDS) expect(judgedOf(kind).length, kind).toBeGreaterThanOrEqual(ENDS.length)
      expect(await checkFiles(FEED_KINDS.flatMap(judgedOf), { allow: VERBATIM_MP3 })).toEqual([])
    })

    it.each(['mp3', 'aac'] as const)('has every byte that was sent, once: %s', (kind) => {
      const recorded = Buffer.concat(pathsOf(kind).map((path) => readFileSync(path)))
      expect(recorded.length).toBeGreaterThan((ENDS.length + 1) * LIVE_SECONDS * 12_000)
      expect(readFileSync(copyOf(kind)).indexOf(recorded)).toBeGreaterThanOrEqual(0)
    })

    it.each(['vorbis', 'opus', 'ogg-flac'] as const)('has every packet that was sent, once: %s', (kind) => {
      const packets = pathsOf(kind).flatMap((path) => audioPackets(readFileSync(path)))
      expect(packets.length).toBe(linesOf(kind).reduce((sum, { frames }) => sum + frames, 0))
      expectPartOf(packets.map(bodyOf(kind)), audioPackets(readFileSync(copyOf(kind))).map(bodyOf(kind)))
    })

    it('sounds as what was sent: flac', async () => {
      const sent = await decodePcm(copyOf('flac'))
      const recorded = Buffer.concat(await Promise.all(pathsOf('flac').map((path) => decodePcm(path))))
      expect(recorded.length).toBeGreaterThan((ENDS.length + 1) * LIVE_SECONDS * 44_100 * 4)
      expect(sent.indexOf(recorded)).toBeGreaterThanOrEqual(0)
    })
  },
)
