import fc from 'fast-check'
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { describeWithTools } from '../../../../../tests/e2e/rig/require-tool.js'
import type { RecordingLine } from '../../../src/ledger/entry.js'
import { AfterDuration } from '../../../src/splitters/after-duration.js'
import { audioKind, ENCODER_TOOLS } from '../../support/audio-kinds.js'
import { apart, decodeFiles, joined } from '../../support/decoded.js'
import { makeProgramme, Station, type Programme } from './support/broadcast.js'
import { newFolder, placeIn, recordStation } from './support/record-station.js'
import { RestartedFolder } from './support/restart.js'

const KINDS = ['MP3 CBR', 'MP3 VBR', 'MP3 of MPEG-2', 'AAC', 'Vorbis', 'Opus', 'Ogg FLAC', 'FLAC']
const SECONDS = 60
/** Each is one or two processes that end, and one that goes on; ISR_RESTARTS=25 looks longer. */
const RESTARTS = Number(process.env.ISR_RESTARTS ?? 2)
/** When the programme begins, before the first process. */
const EARLIER_MS = 10_000

describeWithTools(ENCODER_TOOLS, 'a process that is killed and comes back within the burst', () => {
  describe.each(KINDS)('%s', (name) => {
    const kind = audioKind(name)
    let programme: Programme
    beforeAll(() => {
      programme = makeProgramme(kind, SECONDS)
    })
    const station = (fromMs: number, burstSeconds: number) =>
      new Station('radio', programme, [{ burstSeconds }], EARLIER_MS + fromMs)

    /** Frames of the files, but for hidden ones: what is recorded, by the sender's count. */
    const framesOf = (folder: RestartedFolder, lines: readonly RecordingLine[]) =>
      lines.flatMap((line) => {
        const frames: Uint8Array[] = []
        const framer = kind.format.createFramer({
          onSpan(span) {
            for (let frame = 0; frame < span.frames; frame++) frames.push(Uint8Array.from(span.frame(frame)))
          },
          onDiscard: () => {},
        })
        framer.push(readFileSync(folder.pathOf(line.name)))
        framer.flush()
        expect(frames.length).toBe(line.prerollFrames + line.frames)
        return frames.slice(line.prerollFrames)
      })
    const isFlac = name.endsWith('FLAC')

    it('loses nothing and doubles nothing, wherever it is killed', async () => {
      const kill = fc.record({
        liveMs: fc.integer({ min: 3000, max: 6000 }),
        downMs: fc.integer({ min: 200, max: 2500 }),
        tornBytes: fc.integer({ min: 0, max: 3000 }),
        killed: fc.boolean(),
        repairsFirst: fc.boolean(),
        splitSeconds: fc.constantFrom(0.7, 2, 100),
        // a file of Vorbis that begins verbatim has lost its first block
        splitJoin: fc.constantFrom('exact' as const, name === 'Vorbis' ? 'exact' : 'verbatim'),
        lateMs: fc.constantFrom(0, 400, 1700),
      })
      const property = fc.asyncProperty(fc.array(kill, { minLength: 1, maxLength: 2 }), async (kills) => {
        const folder = new RestartedFolder()
        let atMs = 0
        let runs = 0
        const live = async (forMs: number, more: Partial<(typeof kills)[number]>) => {
          const earlier = await folder.earlier(atMs)
          expect(earlier !== undefined).toBe(runs++ > 0)
          const { killed = false, tornBytes = 0, splitSeconds = 2, splitJoin = 'exact', lateMs = 0 } = more
          const splitter = new AfterDuration({ seconds: splitSeconds })
          const life = await folder.live({
            ...{ source: station(atMs, 6), format: kind.format, fromMs: atMs, forMs, killed, tornBytes },
            ...{ earlier, knownAfterMs: lateMs, options: { splitJoin, splitter } },
          })
          expect(life.seams).toHaveLength(runs > 1 ? 1 : 0)
          expect(life.gaps).toEqual([])
          atMs += forMs
        }
        for (const { liveMs, downMs, repairsFirst, ...more } of kills) {
          await live(liveMs, more)
          const torn = await folder.earlier(atMs)
          if (repairsFirst) await folder.repair()
          const mended = await folder.earlier(atMs)
          expect(mended?.endsAt).toBe(torn?.endsAt)
          // one or two frames of MP3 or AAC that nothing follows are no proof that they are frames
          const last = folder.lines.at(-1)
          fc.pre(mended !== undefined || last === undefined || last.frames > 3)
          expect(mended?.frames.at(-1)?.frames).toBeGreaterThan(0)
          atMs += downMs
        }
        await live(3000, {})
        await folder.repair()
        expect(await folder.findings()).toEqual({ seams: kills.length, found: [] })
        if (!isFlac) expect(placeIn(programme, framesOf(folder, folder.lines))).toBeGreaterThanOrEqual(0)
      })
      await fc.assert(property, { numRuns: RESTARTS })
    })

    it('sounds, file after file, as if nothing had been', async () => {
      const folder = new RestartedFolder()
      const life = { format: kind.format, killed: true }
      await folder.live({ ...life, source: station(0, 4), fromMs: 0, forMs: 5300, tornBytes: 777 })
      const stopped = { ...life, killed: false, earlier: await folder.earlier(7000) }
      await folder.live({ ...stopped, source: station(7000, 6), fromMs: 7000, forMs: 4100 })
      const last = { ...life, earlier: await folder.earlier(12_000) }
      await folder.live({ ...last, source: station(12_000, 6), fromMs: 12_000, forMs: 5000 })
      await folder.repair()
      expect(await folder.findings()).toEqual({ seams: 2, found: [] })
      if (kind.format.name === 'aac') return // verbatim: a file played alone is not exact at its start
      const unbroken = await recordStation(station(0, 4), kind.format, 17)
      const copies = newFolder()
      const paths = folder.lines.map((line, index) => {
        const path = join(copies, `${index}.${kind.extension}`)
        copyFileSync(folder.pathOf(line.name), path)
        return path
      })
      expect(paths).toHaveLength(3)
      const wholePath = join(copies, `whole.${kind.extension}`)
      writeFileSync(wholePath, unbroken.storage.bytes(unbroken.lines[0].name))
      const [all, ...parts] = decodeFiles([wholePath, ...paths])
      const length = Math.min(all.length, joined(parts).length)
      expect(length).toBeGreaterThan(all.length * 0.95)
      const { steps } = apart(joined(parts).subarray(0, length), all.subarray(0, length))
      expect(steps).toBeLessThanOrEqual(name === 'Opus' ? 1 : 0)
    })
  })
})
