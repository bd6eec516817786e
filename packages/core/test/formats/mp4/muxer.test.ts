import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { afterAll, expect, it } from 'vitest'
import { CHECKER_TOOLS } from '../../../../../tests/e2e/rig/checkers.js'
import { describeWithTools } from '../../../../../tests/e2e/rig/require-tool.js'
import { aacFormat } from '../../../src/formats/aac/index.js'
import { m4aContainer } from '../../../src/formats/mp4/index.js'
import { audioKind, encodeKind, type AudioKind } from '../../support/audio-kinds.js'
import { createFolder } from '../support/encoded.js'
import { frameAll, framesOf, randomIntegers, splitInto } from '../support/framing.js'
import { decodeByFfmpeg, difference, writeTo } from '../support/judges.js'

/** Random places; the first ones, where history is short, come on top. */
const CUTS = Number(process.env.ISR_M4A_CUTS ?? 2)

const m4a = { ...aacFormat, ...m4aContainer }
const folder = createFolder()
afterAll(() => folder.remove())

const context = {
  join: 'exact',
  history: [],
  startedAt: Date.UTC(2026, 10, 22, 16, 0, 0, 250),
  utcOffsetMinutes: 60,
  source: 'studio',
  serial: 1,
  opusPrerollMs: 400,
} as const

const say = (tool: string, ...args: string[]) => execFileSync(tool, args, { encoding: 'utf8' }).trim()
/** By ffmpeg, which must have nothing to say against the file. */
function decode(path: string): Int16Array {
  const args = ['-nostdin', '-v', 'warning', '-xerror', '-i', path, '-f', 's16le', '-']
  const { status, stdout, stderr } = spawnSync('ffmpeg', args, { maxBuffer: 1 << 28 })
  expect({ path, status, words: String(stderr) }).toEqual({ path, status: 0, words: '' })
  return new Int16Array(Uint8Array.from(stdout).buffer)
}

describeWithTools([...CHECKER_TOOLS, 'ffprobe', 'mediainfo'], 'M4aMuxer', () => {
  const stereo = audioKind('AAC')
  const kinds: AudioKind[] = [
    stereo,
    { ...stereo, name: 'AAC mono 48 kHz', rateHz: 48000, channels: 1 },
    { ...stereo, name: 'AAC 5.1', channels: 6, encoder: '-c:a aac -aac_pns 0 -b:a 256k -f adts' },
    { ...stereo, name: 'AAC 22.05 kHz', rateHz: 22050 },
    // channels in a program config element
    { ...stereo, name: 'AAC 2.1', channels: 3, encoder: '-channel_layout 2.1 -c:a aac -aac_pns 0 -f adts' },
  ]

  for (const kind of kinds) {
    it(`makes files that join to the stream, sample for sample: ${kind.name}`, () => {
      const stream = encodeKind(kind, 2)
      const frames = framesOf(frameAll(aacFormat, stream)).length
      const random = randomIntegers(frames)
      const cuts = [...new Set([1, 2, ...Array.from({ length: CUTS }, () => 1 + random(frames - 1))])].sort(
        (a, b) => a - b,
      )
      const files = splitInto(m4a, stream, { cuts })
      const paths = files.map(({ bytes }, index) => writeTo(folder.file(`part${index}.m4a`), bytes))
      const [whole] = decodeByFfmpeg([writeTo(folder.file('whole.aac'), stream)], 'aac')
      expect(whole.some((sample) => Math.abs(sample) > 1000)).toBe(true)
      expect(difference(paths.map(decode), whole)).toEqual({ samples: 0, differing: 0, most: 0 })
      for (const [index, path] of [...paths.entries()].slice(1, 3)) {
        const { counts } = files[index]
        const seconds = Number(
          say('ffprobe', '-v', 'error', '-show_entries', 'format=duration', '-of', 'csv=p=0', path),
        )
        expect(seconds).toBeCloseTo(counts.samples / kind.rateHz, 5)
      }
    })
  }

  it('tells title, start and source', () => {
    const [{ bytes }] = splitInto(m4a, encodeKind(stereo, 2), { cuts: [], context: { title: 'Größe — 1' } })
    const path = writeTo(folder.file('tags.m4a'), bytes)
    const tags = JSON.parse(say('ffprobe', '-v', 'error', '-show_entries', 'format_tags', '-of', 'json', path)) as {
      format: { tags: Record<string, string> }
    }
    expect(tags.format.tags).toMatchObject({
      title: 'Größe — 1',
      date: '2026-11-22T17:00:00.250+01:00',
      encoder: 'ISR',
      ISR_START: '1795363200250000',
      ISR_SOURCE: 'studio',
      creation_time: '2026-11-22T16:00:00.000000Z',
    })
    const mediainfo = say('mediainfo', '--Output=Audio;%Format% %Channel(s)% %SamplingRate% %Duration%', path)
    expect(mediainfo).toMatch(/^AAC(?: LC)? 2 44100 20\d\d$/)
    expect(say('mediainfo', '--Output=General;%Title%', path)).toBe('Größe — 1')
  })

  it('tells titles as chapters', () => {
    const framer = aacFormat.createFramer({
      onSpan(span) {
        const muxer = m4aContainer.createMuxer(span.header, { ...context, title: 'One' })
        const parts = [muxer.begin(), muxer.write(span.slice(0, 10))]
        muxer.mark('Zwei ½')
        muxer.retime(context.startedAt - 250)
        parts.push(muxer.write(span.slice(10, span.frames)))
        const { tail, patches } = muxer.end()
        const file = Buffer.concat([...parts, tail])
        for (const { bytes, offsetBytes } of patches) file.set(bytes, offsetBytes)
        const path = writeTo(folder.file('chapters.m4a'), file)
        const shown = say(
          'ffprobe',
          '-v',
          'error',
          '-show_chapters',
          '-show_entries',
          'format_tags',
          '-of',
          'json',
          path,
        )
        const { chapters, format } = JSON.parse(shown) as {
          chapters: { start_time: string; tags: { title: string } }[]
          format: { tags: Record<string, string> }
        }
        expect(chapters.map(({ start_time, tags }) => [Number(start_time), tags.title])).toEqual([
          [0, 'One'],
          [0.232, 'Zwei ½'],
        ])
        expect(format.tags).toMatchObject({ title: 'One', date: '2026-11-22T17:00:00.000+01:00' })
      },
      onDiscard: () => {},
    })
    framer.push(encodeKind(stereo, 1))
    expect.assertions(2)
  })

  it('holds the received frames without their headers, byte for byte', () => {
    const stream = encodeKind(stereo, 1)
    const frames = framesOf(frameAll(aacFormat, stream))
    const [{ bytes }] = splitInto(m4a, stream, { cuts: [] })
    const raw = Buffer.concat(frames.map((frame) => frame.subarray(7)))
    expect(Buffer.from(bytes).includes(raw)).toBe(true)
  })

  it('gives back the frames that it was made of', () => {
    const [, { bytes }] = splitInto(m4a, encodeKind(stereo, 2), { cuts: [40] })
    const path = writeTo(folder.file('back.m4a'), bytes)
    const out = folder.file('back.aac')
    execFileSync('ffmpeg', [
      '-nostdin',
      '-v',
      'error',
      '-ignore_editlist',
      '1',
      '-i',
      path,
      '-c',
      'copy',
      '-f',
      'adts',
      out,
    ])
    const back = framesOf(frameAll(aacFormat, readFileSync(out))).map((frame) => frame.subarray(7))
    const wanted = framesOf(frameAll(aacFormat, encodeKind(stereo, 2))).slice(39)
    expect(Buffer.concat(back).equals(Buffer.concat(wanted.map((frame) => frame.subarray(7))))).toBe(true)
  })
})
