import { beforeAll, describe, expect, it } from 'vitest'
import { describeWithTools } from '../../../../../tests/e2e/rig/require-tool.js'
import { MirroredSource } from '../../../src/recorder/mirrors/mirrored-source.js'
import type { Source } from '../../../src/sources/source.js'
import { audioKind, ENCODER_TOOLS, type AudioKind } from '../../support/audio-kinds.js'
import { makeProgramme, Station, type Programme, type Reception } from '../stitch/support/broadcast.js'
import { placeIn, recordStation } from '../stitch/support/record-station.js'

const KINDS = ['MP3 CBR', 'AAC', 'Vorbis', 'Opus', 'Ogg FLAC', 'FLAC']
const FOREVER = 1e9

const mirrored = (kind: AudioKind, sources: readonly Source[]) =>
  new MirroredSource({ sources, formats: [kind.format], stallTimeoutMs: 2000, random: () => 0.5 })

describeWithTools(ENCODER_TOOLS, 'MirroredSource', () => {
  describe.each(KINDS)('%s', (name) => {
    const kind = audioKind(name)
    let programme: Programme
    beforeAll(() => {
      programme = makeProgramme(kind, 40)
    })
    const station = (way: string, receptions: readonly Reception[]) => new Station(way, programme, receptions)

    it('loses nothing when the address in use is gone for ever', async () => {
      const sources = [
        station('one', [{ burstSeconds: 4, cutAfterMs: 9000, cutBytes: 50, downMs: FOREVER }]),
        station('two', [{ burstSeconds: 4 }]),
      ]
      const { frames, gaps, seams, warnings } = await recordStation(mirrored(kind, sources), kind.format, 20)
      expect(gaps).toEqual([])
      expect(seams).toHaveLength(1)
      expect(placeIn(programme, frames)).toBeGreaterThanOrEqual(0)
      expect(frames.length).toBeGreaterThan((programme.frames.length * 22) / 40)
      expect(warnings).toEqual(['mirror: goes on with http://two/', 'mirror: address 1 cannot stand by: down'])
    })

    it('loses nothing when an address that is late takes over, after a stall, without a burst', async () => {
      const late = { burstSeconds: 0, lagMs: 3000 }
      const silent = { burstSeconds: 4, stallAfterMs: 9000 }
      const sources = [station('one', [silent, { burstSeconds: 4 }]), station('two', [late])]
      const { frames, gaps, seams, lines } = await recordStation(mirrored(kind, sources), kind.format, 22)
      expect(gaps).toEqual([])
      expect(seams).toHaveLength(1)
      expect(placeIn(programme, frames)).toBeGreaterThanOrEqual(0)
      expect(lines).toHaveLength(2)
      // no time is made up for the audio that came late
      const [first, second] = lines
      const endsAt = Date.parse(first.startedAt) + first.durationSeconds * 1000
      expect(Math.abs(Date.parse(second.startedAt) - endsAt)).toBeLessThan(15)
    })

    it('goes back and forth: what failed stands by, and what stood by fails', async () => {
      const sources = [
        station('one', [{ burstSeconds: 4, cutAfterMs: 5000, cutBytes: 20, downMs: 1000 }, { burstSeconds: 4 }]),
        station('two', [{ burstSeconds: 3, cutAfterMs: 12_000, cutBytes: 30, downMs: FOREVER }]),
      ]
      const { frames, gaps, seams, warnings } = await recordStation(mirrored(kind, sources), kind.format, 25)
      expect(gaps).toEqual([])
      expect(seams).toHaveLength(2)
      expect(placeIn(programme, frames)).toBeGreaterThanOrEqual(0)
      expect(warnings.filter((warning) => warning.includes('goes on'))).toEqual([
        'mirror: goes on with http://two/',
        'mirror: goes on with http://one/',
      ])
    })
  })

  it('never harms the recording when what stands by fails', async () => {
    const kind = audioKind('MP3 CBR')
    const programme = makeProgramme(kind, 40)
    const sources = [
      new Station('one', programme, [{ burstSeconds: 4 }]),
      new Station('two', programme, [{ burstSeconds: 4, cutAfterMs: 1000 }]),
      new Station('three', programme, [{ burstSeconds: 4, stallAfterMs: 500 }]),
    ]
    const { frames, gaps, lines, warnings } = await recordStation(mirrored(kind, sources), kind.format, 25)
    expect(lines).toHaveLength(1)
    expect(gaps).toEqual([])
    expect(placeIn(programme, frames)).toBeGreaterThanOrEqual(0)
    expect(warnings.length).toBeGreaterThan(1)
    expect(warnings.every((warning) => /^mirror: address [23] cannot stand by/.test(warning))).toBe(true)
    expect(sources[1].connects + sources[2].connects).toBeGreaterThan(3)
  })

  it('is what a recorder makes of its mirrors', async () => {
    const kind = audioKind('MP3 CBR')
    const programme = makeProgramme(kind, 40)
    const one = new Station('one', programme, [{ burstSeconds: 4, cutAfterMs: 5000, downMs: FOREVER }])
    const mirrors = [new Station('two', programme, [{ burstSeconds: 4 }])]
    const { gaps, seams, status } = await recordStation(one, kind.format, 12, { mirrors })
    expect(status).toMatchObject({ source: 'one', url: 'http://two/' })
    expect(gaps).toEqual([])
    expect(seams).toMatchObject([{ source: 'one' }])
  })

  it('leaves a gap, and nothing worse, where the other address sends another encoding', async () => {
    const kind = audioKind('MP3 CBR')
    const programme = makeProgramme(kind, 40)
    const other = makeProgramme(audioKind('MP3 VBR'), 40)
    const sources = [
      new Station('one', programme, [{ burstSeconds: 4, cutAfterMs: 8000, downMs: FOREVER }]),
      new Station('two', other, [{ burstSeconds: 4 }]),
    ]
    const { lines, seams } = await recordStation(mirrored(kind, sources), kind.format, 15)
    expect(seams).toEqual([])
    expect(lines).toHaveLength(2)
  })
})
