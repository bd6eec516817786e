import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { describeWithTools } from '../../../../../tests/e2e/rig/require-tool.js'
import type { LedgerEntry } from '../../../src/ledger/entry.js'
import { verify } from '../../../src/ledger/verify/verify.js'
import { LEDGER_NAME } from '../../../src/station/open-ledger.js'
import { exportRecordings } from '../../../src/station/files/export.js'
import { FileStorage } from '../../../src/storages/file-storage.js'
import { AfterDuration } from '../../../src/splitters/after-duration.js'
import { audioKind, ENCODER_TOOLS } from '../../support/audio-kinds.js'
import { apart, decodeFiles } from '../../support/decoded.js'
import { makeProgramme, Station } from './support/broadcast.js'
import { newFolder, recordStation, START } from './support/record-station.js'

type Recorded = Awaited<ReturnType<typeof recordStation>>

const KINDS = ['MP3 CBR', 'MP3 VBR', 'AAC', 'Vorbis', 'Opus', 'Ogg FLAC', 'FLAC']

/** Puts what was recorded into a folder with its ledger. */
function store(folder: string, { lines, storage, entries }: Recorded, ledger: readonly LedgerEntry[] = entries) {
  mkdirSync(join(folder, '.isr'), { recursive: true })
  for (const { name } of lines) writeFileSync(join(folder, name), storage.bytes(name))
  writeFileSync(join(folder, LEDGER_NAME), ledger.map((entry) => `${JSON.stringify(entry)}\n`).join(''))
}

function check(folder: string, kind: ReturnType<typeof audioKind>) {
  const storage = new FileStorage({ directory: folder })
  return verify({ storage, ledgerName: LEDGER_NAME, formats: [kind.format], mayBeOpen: () => false, isRunning: false })
}

describeWithTools(ENCODER_TOOLS, 'an archive with seams', () => {
  const folder = newFolder()
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  describe.each(KINDS)('%s', (name) => {
    const kind = audioKind(name)
    const broken = join(folder, `${name}-broken`)
    const whole = join(folder, `${name}-whole`)
    let recorded: Recorded
    beforeAll(async () => {
      const programme = makeProgramme(kind, 32)
      const options = { splitter: new AfterDuration({ seconds: 4 }) }
      const receptions = [
        { burstSeconds: 4, cutAfterMs: 5300, cutBytes: 100, downMs: 1500 },
        { burstSeconds: 5, cutAfterMs: 6100, lateBytes: 50 },
        { burstSeconds: 6 },
      ]
      recorded = await recordStation(new Station('radio', programme, receptions), kind.format, 18, options)
      store(broken, recorded)
      const unbroken = new Station('radio', programme, [{ burstSeconds: 4 }])
      store(whole, await recordStation(unbroken, kind.format, 18, options))
    })

    it('is good, and its seams are counted', async () => {
      const report = await check(broken, kind)
      expect(report.findings).toEqual([])
      expect(report).toMatchObject({ isGood: true, seams: 2, gaps: 0, runs: 3 })
    })

    it('is exported over its seams as if there were none', async () => {
      const span = { source: 'radio', from: START - 10_000, to: START + 60_000 }
      const one = await exportRecordings({ directory: broken, output: join(folder, `a.${kind.extension}`), ...span })
      const other = await exportRecordings({ directory: whole, output: join(folder, `b.${kind.extension}`), ...span })
      // before the first and behind the last recording nothing was recorded, and nowhere else
      expect(one.gaps.filter(({ atSeconds }) => atSeconds > 0 && atSeconds < one.durationSeconds)).toEqual([])
      expect(one.overlaps).toEqual([])
      expect(one.parts.length).toBeGreaterThanOrEqual(5)
      const [joined, unbroken] = decodeFiles([one.output, other.output])
      const shared = Math.min(joined.length, unbroken.length)
      expect(shared).toBeGreaterThan(18 * kind.rateHz * kind.channels)
      // a retry is made within 0.2 s: how much came before the stop is chance
      expect(Math.abs(joined.length - unbroken.length)).toBeLessThan(0.5 * kind.rateHz * kind.channels)
      // the last frames of MP3 and Vorbis sound otherwise when others follow
      const same = shared - 0.1 * kind.rateHz * kind.channels
      expect(apart(joined.subarray(0, same), unbroken.subarray(0, same))).toMatchObject({ differing: 0 })
      rmSync(one.output)
      rmSync(other.output)
    })
  })

  describe('whose ledger was edited', () => {
    const kind = audioKind('MP3 CBR')
    let recorded: Recorded
    beforeAll(async () => {
      const receptions = [{ burstSeconds: 4, cutAfterMs: 3000, downMs: 500 }, { burstSeconds: 5 }]
      recorded = await recordStation(new Station('radio', makeProgramme(kind, 25), receptions), kind.format, 8)
      expect(recorded.seams).toHaveLength(1)
    })
    const faults = async (edit: (entries: LedgerEntry[]) => LedgerEntry[]) => {
      const spoilt = newFolder()
      store(spoilt, recorded, edit([...recorded.entries]))
      const { findings } = await check(spoilt, kind)
      rmSync(spoilt, { recursive: true })
      return findings.map(({ severity, code, message }) => `${severity} ${code}: ${message}`)
    }
    const change = (type: string, values: (entry: LedgerEntry) => object) => (entries: LedgerEntry[]) =>
      entries.map((entry) => (entry.type === type ? { ...entry, ...values(entry) } : entry))

    it('is good before', async () => {
      expect(await faults((entries) => entries)).toEqual([])
    })

    it('is found out: a seam that goes on from nothing, or twice', async () => {
      expect(await faults(change('seam', () => ({ previousRun: 'other' })))).toEqual([
        'fault line-contradicts: it goes on from the run other, which this source does not have',
      ])
      expect(await faults(change('seam', ({ run }) => ({ previousRun: run })))).toHaveLength(1)
      const twice = (entries: LedgerEntry[]) =>
        entries.flatMap((one): LedgerEntry[] => (one.type === 'seam' ? [one, one] : [one]))
      expect(await faults(twice)).toEqual(['fault line-contradicts: the run goes on from another one twice'])
    })

    it('is found out: a seam elsewhere, or with a gap', async () => {
      const [elsewhere] = await faults(change('seam', () => ({ at: '2026-11-22T12:00:30.000Z' })))
      expect(elsewhere).toBe('fault line-contradicts: the run does not begin where its seam is')
      const withGap = (entries: LedgerEntry[]) =>
        entries.flatMap((entry): LedgerEntry[] => {
          if (entry.type !== 'seam') return [entry]
          const { at, previousRun, source, utcOffset } = entry
          const to = new Date(Date.parse(at) + 500).toISOString()
          const gap = { v: 1, type: 'gap', source, run: previousRun, from: at, to, utcOffset, seconds: 0.5 } as const
          return [{ ...gap, cause: 'ISR_SOURCE_RESET' }, entry]
        })
      expect(await faults(withGap)).toContain(
        'fault line-contradicts: a run goes on from the one before, and a gap is told of between them',
      )
    })
  })
})
