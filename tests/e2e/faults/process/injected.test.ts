import { chmodSync, chownSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { NumberedStation, compareRecordings, comparisonText, numberedStream } from '@isr/core/testing'
import { beforeAll, describe, expect, it } from 'vitest'
import { startBackground, type Background } from '../../rig/background.js'
import { CHECKER_TOOLS, checkFiles } from '../../rig/checkers.js'
import { describeWithTools } from '../../rig/require-tool.js'
import { tempDir } from '../../rig/temp-dir.js'
import { waitUntil } from '../../rig/wait-until.js'
import { lawBreaks, readLedger } from '../../support/ledger-file.js'
import { newestOnDisk, repairAndVerify } from '../disk-recording.js'
import { figures } from '../figures.js'
import { BUILD_MS, build, startRecorders } from '../record-many.js'
import { sentTo } from '../record-station.js'

/** How long the fault lasts; longer with `npm run soak`. */
const FAULT_SECONDS = Number(process.env.ISR_FAULT_SECONDS ?? 1)
/** Two and five seconds are meant; loaded machines get more: docs/reliability.md. */
const TOLD_SECONDS = 5
const BACK_SECONDS = 10
const SPLIT_SECONDS = 2
const NOBODY = 65_534
const isRoot = process.getuid?.() === 0

/** What the kernel refuses, and how it stops doing so. */
interface Refusal {
  /** Begins; resolves with what ends it. */
  begin(isr: Background, directory: string): Promise<() => Promise<unknown>>
  readonly splitSeconds: number
}

const REFUSALS: Readonly<Record<string, Refusal>> = {
  'EIO from every flush of a file': {
    splitSeconds: 3600,
    begin: async (isr, directory) => {
      const [name] = readdirSync(directory).filter((one) => one.endsWith('.mp3'))
      const inject = ['trace=fsync,fdatasync', 'inject=fsync,fdatasync:error=EIO:when=1+'].flatMap((rule) => [
        '-e',
        rule,
      ])
      const strace = await startBackground('strace', ['-f', '-p', `${isr.pid}`, '-P', join(directory, name), ...inject])
      await waitUntil('strace', () => /attached/.test(strace.output()), 30_000)
      return () => strace.stop('SIGINT', 30_000)
    },
  },
  'a folder that may not be written to': {
    splitSeconds: SPLIT_SECONDS,
    begin: (_, directory) => {
      chmodSync(directory, 0o555)
      return Promise.resolve(() => Promise.resolve(chmodSync(directory, 0o755)))
    },
  },
}

describeWithTools([...CHECKER_TOOLS, 'strace'], 'a kernel that refuses', () => {
  beforeAll(build, BUILD_MS)

  describe.concurrent('one of two folders', () => {
    it.each(Object.keys(REFUSALS))('%s: told, recorded again, nothing lost, and the other goes on', async (kind) => {
      const { begin, splitSeconds } = REFUSALS[kind]
      const folder = tempDir('isr-refused-')
      const [bad, good] = ['bad', 'good'].map((name) => ({ name, directory: join(folder, name), splitSeconds }))
      for (const { directory } of [bad, good]) {
        mkdirSync(directory)
        // root may do everything: it records as somebody else
        if (isRoot) chownSync(directory, NOBODY, NOBODY)
      }
      if (isRoot) chmodSync(folder, 0o755)
      await using station = await NumberedStation.start({ stream: numberedStream('mp3', 1), everyMs: 100 })
      const sources = [bad, good].map((one) => ({ ...one, url: `${station.url}${one.name}` }))
      const isr = await startRecorders(sources, isRoot ? { uid: NOBODY, gid: NOBODY } : {})
      const onDisk = ({ directory }: typeof bad) => newestOnDisk({ directory, station })
      const nowOnAir = () => station.sent.at(-1)?.parts.at(-1)?.ranges.at(-1)?.to ?? 0
      const isRecorded = async (one: typeof bad, what: string) => {
        const now = nowOnAir()
        await waitUntil(`${one.name}: what is on air is on disk ${what}`, () => onDisk(one) >= now, 60_000, 100)
      }
      try {
        await waitUntil('both are recorded', () => onDisk(bad) > 0 && onDisk(good) > 0, 60_000)
        await isRecorded(bad, 'before')
        const began = performance.now()
        const end = await begin(isr, bad.directory)
        await waitUntil('it is told', () => /^error bad: ISR_STORAGE/m.test(isr.output()), 30_000, 10)
        const toldSeconds = (performance.now() - began) / 1000
        await isRecorded(good, 'meanwhile')
        await new Promise((resolve) => setTimeout(resolve, FAULT_SECONDS * 1000))
        await end()
        const ended = performance.now()
        await isRecorded(bad, 'afterwards')
        const backSeconds = (performance.now() - ended) / 1000
        figures(`${kind}: told`, [toldSeconds])
        figures(`${kind}: recording again`, [backSeconds])
        expect(toldSeconds).toBeLessThanOrEqual(TOLD_SECONDS + (splitSeconds % 3600))
        expect(backSeconds).toBeLessThanOrEqual(BACK_SECONDS)
      } finally {
        expect(await isr.stop('SIGTERM', 30_000), isr.output()).toBe(0)
      }
      expect(isr.output()).not.toMatch(/^error good/m)
      // repair may write the line of a file again, with what it is by then
      for (const { directory } of [bad, good]) expect(lawBreaks(readLedger(directory))).toEqual([])
      await repairAndVerify(bad.directory)
      for (const { name, directory } of [bad, good]) {
        const comparison = await compareRecordings({ directory, source: name, sent: sentTo(station, name) })
        expect(comparison.isPerfect, comparisonText(comparison)).toBe(true)
        expect(comparison.holes, comparisonText(comparison)).toEqual([])
        const long = readLedger(directory).recordings.filter(({ durationSeconds }) => durationSeconds > 0.4)
        expect(await checkFiles(long.map((one) => join(directory, one.name)))).toEqual([])
      }
    })
  })
})
