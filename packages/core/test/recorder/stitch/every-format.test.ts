import fc from 'fast-check'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { describeWithTools } from '../../../../../tests/e2e/rig/require-tool.js'
import { audioKind, ENCODER_TOOLS } from '../../support/audio-kinds.js'
import { apart, decodeFiles, joined } from '../../support/decoded.js'
import { makeProgramme, Station, type Programme } from './support/broadcast.js'
import { newFolder, placeIn, recordStation, timesOf } from './support/record-station.js'

const KINDS = ['MP3 CBR', 'MP3 VBR', 'MP3 of MPEG-2', 'AAC', 'Vorbis', 'Opus', 'Ogg FLAC', 'FLAC']
const SECONDS = 60

describeWithTools(ENCODER_TOOLS, 'a gap shorter than the burst', () => {
  describe.each(KINDS)('%s', (name) => {
    const kind = audioKind(name)
    // a first file of Opus hides what every decoder needs at a start
    const hiddenMs = name === 'Opus' ? 6.5 : 0
    let programme: Programme
    beforeAll(() => {
      programme = makeProgramme(kind, SECONDS)
    })

    it('loses nothing and doubles nothing, wherever the connection is cut', async () => {
      const reconnect = fc.record({
        burstSeconds: fc.double({ min: 2.5, max: 7, noNaN: true }),
        cutAfterMs: fc.integer({ min: 2000, max: 5000 }),
        cutBytes: fc.integer({ min: 0, max: 300 }),
        lateBytes: fc.integer({ min: 0, max: 300 }),
        share: fc.double({ min: 0, max: 1, noNaN: true }),
      })
      const property = fc.asyncProperty(fc.array(reconnect, { minLength: 2, maxLength: 4 }), async (drawn) => {
        // what overlaps is longer than the second of silence in every five
        const receptions = drawn.map((one, index) => {
          const { burstSeconds = 0 } = drawn[index + 1] ?? {}
          return { ...one, downMs: one.share * Math.max(0, burstSeconds - 2.2) * 1000 }
        })
        const station = new Station('radio', programme, [...receptions, { burstSeconds: 7 }])
        const cuts = receptions.reduce((sum, { cutAfterMs, downMs }) => sum + cutAfterMs + downMs + 400, 0)
        const { frames, gaps, seams, lines, entries } = await recordStation(station, kind.format, cuts / 1000 + 3)
        expect(gaps).toEqual([])
        expect(seams).toHaveLength(receptions.length)
        expect(placeIn(programme, frames)).toBeGreaterThanOrEqual(0)
        expect(frames.length).toBeGreaterThan((programme.frames.length * cuts) / 1000 / SECONDS)
        const times = timesOf(lines)
        for (const [index, { from }] of times.slice(1).entries())
          expect(Math.abs(from - times[index].to)).toBeLessThanOrEqual(times[index].to * 600e-6 + 2 + hiddenMs)
        expect(entries.filter(({ type }) => type === 'gap')).toEqual([])
      })
      await fc.assert(property, { numRuns: 8 })
    })

    it('sounds, file after file, as if nothing had been', async () => {
      const station = new Station('radio', programme, [
        { burstSeconds: 4, cutAfterMs: 5300, cutBytes: 100, downMs: 1500 },
        { burstSeconds: 5, cutAfterMs: 6100, cutBytes: 7, lateBytes: 50, downMs: 0 },
        { burstSeconds: 6, lateBytes: 3 },
      ])
      const { frames, lines, storage } = await recordStation(station, kind.format, 18)
      expect(lines).toHaveLength(3)
      const folder = newFolder()
      const paths = lines.map(({ name: file }, index) => {
        const path = join(folder, `${index}.${kind.extension}`)
        writeFileSync(path, storage.bytes(file))
        return path
      })
      const place = placeIn(programme, frames)
      expect(place).toBeGreaterThanOrEqual(0)
      if (kind.format.name === 'aac') return // verbatim: a file played alone is not exact at its start
      // one connection over all of it
      const whole = new Station('radio', programme, [{ burstSeconds: 4 }])
      const unbroken = await recordStation(whole, kind.format, 18)
      expect(placeIn(programme, unbroken.frames)).toBe(place)
      const wholePath = join(folder, `whole.${kind.extension}`)
      writeFileSync(wholePath, unbroken.storage.bytes(unbroken.lines[0].name))
      const [all, ...parts] = decodeFiles([wholePath, ...paths])
      const { samples, steps } = apart(joined(parts), all.subarray(0, joined(parts).length))
      expect(samples).toBe(0)
      expect(steps).toBeLessThanOrEqual(name === 'Opus' ? 1 : 0)
      expect(Math.abs(joined(parts).length - all.length)).toBeLessThan(all.length / 10)
    })
  })
})
