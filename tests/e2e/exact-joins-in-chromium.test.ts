import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { payloadOf } from './joins/payload.js'
import { randomCuts } from './joins/random-cuts.js'
import type { Part } from './joins/record-cut.js'
import { fileSource, recordCut } from './joins/record-cut.js'
import type { StreamKind } from './joins/streams.js'
import { ENCODER_TOOLS, makeStream, STREAM_KINDS } from './joins/streams.js'
import { describeWithTools } from './rig/require-tool.js'
import { tempDir } from './rig/temp-dir.js'
import type { Heard } from './support/chromium.js'
import { hearInChromium } from './support/chromium.js'

const SECONDS = 10
const CUTS = 24
const LSB = 1 / 32768

const KINDS = STREAM_KINDS.filter(({ name }) =>
  /CBR 128$|VBR|64, MPEG-2|CBR 8,|q5|mono|Opus|FLAC|16 bits|floats/.test(name),
)

interface Cut {
  readonly kind: StreamKind
  readonly stream: string
  readonly parts: readonly Part[]
}

describeWithTools(['chromium', ...ENCODER_TOOLS], 'files that join exactly, in Chromium', () => {
  const folder = tempDir('isr-joins-in-chromium-')
  let runs = 0

  async function cut(kind: StreamKind, splitJoin: 'exact' | 'verbatim'): Promise<Cut> {
    const stream = await makeStream(kind, folder, SECONDS)
    const { frames } = payloadOf(kind, readFileSync(stream), 0)
    const { parts } = await recordCut(fileSource(stream), {
      cuts: randomCuts(frames, Math.min(CUTS, Math.floor(frames / 3)), 5),
      folder: join(folder, `run${runs++}`),
      splitJoin,
      ...(kind.opusPrerollMs && { opusPrerollMs: kind.opusPrerollMs }),
    })
    // a file of Vorbis' first packet alone holds no sample, and Chromium refuses it
    return { kind, stream, parts: parts.filter(({ line }) => line.samples > 0) }
  }

  it('give the samples of the stream, and as many as the ledger says', async () => {
    const cuts: Cut[] = []
    for (const kind of KINDS) cuts.push(await cut(kind, 'exact'))
    const heard = await hear(cuts)
    for (const [index, { kind, parts }] of cuts.entries()) {
      const [whole, ...files] = heard[index]
      expect(parts.length).toBeGreaterThan(20)
      expect(files.map(({ complaint }) => complaint)).toEqual(files.map(() => ''))
      expect({ kind: kind.name, samples: files.map(({ samples }) => samples) }).toEqual({
        kind: kind.name,
        samples: parts.map(({ line }) => line.samples),
      })
      const { length, most } = compare(files, whole)
      expect({ kind: kind.name, length }).toEqual({ kind: kind.name, length: 0 })
      expect(most, kind.name).toBeLessThanOrEqual(leftOf(kind))
      for (const [at, { line }] of parts.entries()) {
        const shown = Math.round(files[at].durationSeconds * kind.rateHz)
        const beyond = shown - line.samples
        expect(Math.abs(beyond - shownBeyond(kind, line, beyond)), `${kind.name} ${line.name}`).toBeLessThanOrEqual(1)
      }
    }
  })

  it('would not, if they were verbatim, damaged or in another order', async () => {
    const chosen = KINDS.filter(({ name }) => /MP3 CBR 128$|Vorbis q5|Opus music, 400/.test(name))
    const verbatim: Cut[] = []
    for (const kind of chosen) verbatim.push(await cut(kind, 'verbatim'))
    const exact = await cut(chosen[0], 'exact')
    const garbage = join(folder, 'garbage.mp3')
    writeFileSync(garbage, Buffer.alloc(5000, 'no audio at all'))
    const heard = await hear([...verbatim, exact, { ...exact, stream: garbage, parts: [] }])
    for (const [index] of verbatim.entries()) {
      const [whole, ...files] = heard[index]
      const { length, most } = compare(files, whole)
      expect(length !== 0 || most > 100 * LSB).toBe(true)
    }
    const [whole, first, ...others] = heard[verbatim.length]
    const last = others.pop()!
    expect(compare([last, ...others, first], whole).most).toBeGreaterThan(100 * LSB)
    expect(compare([first, ...others], whole).length).toBeLessThan(0)
    expect(heard.at(-1)![0].complaint).toContain('EncodingError')
  })
})

/** For each cut what is heard of the stream and of the parts, by one browser. */
async function hear(cuts: readonly Cut[]): Promise<Heard[][]> {
  const lists = cuts.map(({ kind, stream, parts }) =>
    [stream, ...parts.map(({ path }) => path)].map((path) => ({ path, rateHz: kind.rateHz })),
  )
  const heard = await hearInChromium(lists.flat(), { sound: true })
  return lists.map((list) => heard.splice(0, list.length))
}

/** Difference in length, and the largest between two samples. */
function compare(files: readonly Heard[], whole: Heard): { readonly length: number; readonly most: number } {
  const stream = whole.sound!
  expect(stream.some((sample) => Math.abs(sample) > 0.1)).toBe(true)
  let at = 0
  let most = 0
  for (const { sound } of files) {
    for (const sample of sound ?? []) most = Math.max(most, Math.abs(sample - (stream[at++] ?? 0)))
  }
  return { length: at - stream.length, most }
}

/**
 * What decoders leave of a join. Opus in floats: 400 ms of pre-roll leave 0.06 of a 16-bit step here. MP3 as Chromium 150 of Debian
 * decodes it, to 16 bits: what is rounded off a sample is added to the next one, all along a file. Others: nothing.
 */
function leftOf(kind: StreamKind): number {
  return kind.opusPrerollMs === 400 || kind.extension === '.mp3' ? 1.01 * LSB : 0
}

/**
 * Samples that a media element shows beyond those that are heard: Opus' pre-skip, and the packet that primes a Vorbis decoder
 * (as it does in files of encoders). Nothing in any other format: MP3's hidden frames are taken off.
 */
function shownBeyond(kind: StreamKind, line: Part['line'], beyond: number): number {
  if (kind.extension === '.opus') return line.seq === 0 ? 312 : line.prerollSamples
  return kind.extension === '.ogg' ? Math.max(0, Math.min(1024, beyond)) : 0
}
