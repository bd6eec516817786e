import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { checkFile, CHECKER_TOOLS, VERBATIM_MP3, type AllowedWords } from '../../../../tests/e2e/rig/checkers.js'
import { probeDurationSeconds } from '../../../../tests/e2e/rig/probe.js'
import { describeWithTools } from '../../../../tests/e2e/rig/require-tool.js'
import { tempDir } from '../../../../tests/e2e/rig/temp-dir.js'
import { livePatcherFor } from '../../src/live/live-patchers.js'
import { randomIntegers } from '../formats/support/framing.js'
import { AUDIO_KINDS, encodeKind, ENCODER_TOOLS, type AudioKind } from '../support/audio-kinds.js'
import { drive, growHalf, servedBytes, type GrowingFile } from './support/growing.js'

/** Sizes that are looked at, and how many of those the real tools judge. */
const SIZES = Number(process.env.ISR_LIVE_SIZES ?? 60)
const JUDGED = Number(process.env.ISR_LIVE_JUDGED ?? 1)

/** What a file that is not finished cannot help: its last Ogg page is not marked yet, and an MD5 is of the whole. */
const UNFINISHED: readonly AllowedWords[] = [
  { checker: 'oggz-validate', line: /^serialno \d+: missing \*\*\* eos$/, atMost: 1 },
  { checker: 'oggz-validate', line: /: Error:$/, atMost: 1 },
  { checker: 'ogginfo', line: /^WARNING: EOS not set on stream \d+$/, atMost: 1 },
  { checker: 'opusinfo', line: /^WARNING: EOS not set on stream \d+ \(normal for live streams\)$/, atMost: 1 },
  { checker: 'flac', line: /cannot check MD5 signature since it was unset in the STREAMINFO$/, atMost: 1 },
]

const folder = tempDir('isr-live-')

/** Everything that ffmpeg decodes; WAV of floats as floats. */
function decode(path: string, extension: string): Buffer {
  const form = extension === 'wav' ? 'f32le' : 's16le'
  return execFileSync('ffmpeg', ['-nostdin', '-v', 'error', '-i', path, '-f', form, '-'], { maxBuffer: 1 << 28 })
}

function save(name: string, bytes: Uint8Array): string {
  const path = join(folder, name)
  writeFileSync(path, bytes)
  return path
}

/** Kinds whose growing `verbatim` files differ from `exact` ones. */
const VERBATIM = ['MP3 CBR', 'MP3 VBR', 'Opus', 'AAC']

describeWithTools([...CHECKER_TOOLS, ...ENCODER_TOOLS], 'growing files', () => {
  for (const kind of AUDIO_KINDS) {
    it(`are valid at any size: ${kind.name}`, async () => {
      const stream = encodeKind(kind, 4)
      if (kind.name !== 'AAC') {
        await check(kind, growHalf(kind, stream, 'exact', 0), 'exact')
        await check(kind, growHalf(kind, stream, 'exact'), 'exact')
      }
      if (VERBATIM.includes(kind.name)) await check(kind, growHalf(kind, stream, 'verbatim'), 'verbatim')
    })
  }
})

async function check(kind: AudioKind, file: GrowingFile, mode: string): Promise<void> {
  const { extension, format } = kind
  const random = randomIntegers(file.bytes.length)
  const sizes = Array.from({ length: SIZES }, () => random(file.bytes.length + 1)).sort((a, b) => a - b)
  sizes.push(file.bytes.length)
  const patcher = livePatcherFor(format.name)!
  const whole = decode(save(`whole.${extension}`, file.finished), extension)
  let before = { endByte: 0, samples: 0 }
  let headLength = -1
  const playable: number[] = []
  for (const size of sizes) {
    const { view } = drive(patcher, file.bytes, size)
    const { head, endByte, samples } = view
    expect(endByte).toBeLessThanOrEqual(size)
    expect(endByte).toBeGreaterThanOrEqual(before.endByte)
    expect(samples ?? 0).toBeGreaterThanOrEqual(before.samples)
    before = { endByte, samples: samples ?? 0 }
    // a patcher that sees the file for the first time says the same
    const fresh = drive(livePatcherFor(format.name)!, file.bytes, size).view
    expect({ ...fresh, head: fresh.head.length }).toEqual({ ...view, head: head.length })
    if (endByte === 0) continue
    expect(head.length).toBeLessThanOrEqual(endByte)
    if (headLength >= 0) expect(head.length).toBe(headLength)
    headLength = head.length
    // what the last page of a stream cuts off its end is cut off when the file is closed
    if (endByte > file.headerBytes + 3000 && size < file.bytes.length) playable.push(size)
  }
  expect(playable.length).toBeGreaterThan(SIZES / 2 - 2)
  // less than ten frames are no audio to mp3val, however perfect; these are twelve of 128 kb/s
  const judged = playable.filter((size) => size > file.headerBytes + 5000)
  for (let turn = 0; turn < JUDGED; turn++) {
    const size = judged[turn === 0 ? judged.length - 1 : random(judged.length)]
    await judge(kind, file, size, mode, whole)
  }
}

/** Seconds that ffprobe shows beyond those that are decoded. */
async function shownBeyond(path: string, pcm: Buffer, { extension, channels, rateHz }: AudioKind): Promise<number> {
  return (await probeDurationSeconds(path)) - pcm.length / (extension === 'wav' ? 4 : 2) / channels / rateHz
}

async function judge(kind: AudioKind, file: GrowingFile, size: number, mode: string, whole: Buffer): Promise<void> {
  const { view } = drive(livePatcherFor(kind.format.name)!, file.bytes, size)
  const path = save(`served-${size}.${kind.extension}`, servedBytes(file.bytes, view))
  const allow = [...UNFINISHED, ...(mode === 'verbatim' ? VERBATIM_MP3 : [])]
  const complaints = (await checkFile(path, { allow })).filter(({ lines }) => lines.length > 0)
  expect({ size, complaints }).toEqual({ size, complaints: [] })
  const pcm = decode(path, kind.extension)
  expect(pcm.equals(whole.subarray(0, pcm.length))).toBe(true)
  const samples = pcm.length / (kind.extension === 'wav' ? 4 : 2) / kind.channels
  if (view.samples !== undefined) expect({ size, samples }).toEqual({ size, samples: view.samples })
  // nothing declares the length of frames without a header that differ in size
  if (kind.extension === 'aac' || (mode === 'verbatim' && kind.name === 'MP3 VBR')) return
  // what a player shows is as right as it is for the finished file; for MP3 ffprobe counts hidden frames, too
  const finished = await shownBeyond(join(folder, `whole.${kind.extension}`), whole, kind)
  expect(Math.abs((await shownBeyond(path, pcm, kind)) - finished)).toBeLessThan(0.002)
}
