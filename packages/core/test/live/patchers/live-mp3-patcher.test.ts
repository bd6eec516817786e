import { expect, it } from 'vitest'
import { describeWithTools } from '../../../../../tests/e2e/rig/require-tool.js'
import { mp3Format } from '../../../src/formats/mpeg/index.js'
import { LiveMp3Patcher } from '../../../src/live/patchers/live-mp3-patcher.js'
import type { LiveView } from '../../../src/live/live-patcher.js'
import { frameAll, framesOf, offsetsOf } from '../../formats/support/framing.js'
import { audioKind, encodeKind } from '../../support/audio-kinds.js'
import { drive, growHalf, type GrowingFile } from '../support/growing.js'

const grow = (name: string, seconds: number) => {
  const kind = audioKind(name)
  return growHalf(kind, encodeKind(kind, seconds), 'exact', 0)
}

/** Magic, frames, bytes and TOC of the Info frame; what is behind it differs until a file is closed. */
function infoOf(bytes: Uint8Array): { magic: string; frames: number; bytes: number; toc: number[] } {
  const file = Buffer.from(bytes)
  const at = Math.max(file.indexOf('Info'), file.indexOf('Xing'))
  return {
    magic: file.toString('latin1', at, at + 4),
    frames: file.readUInt32BE(at + 8),
    bytes: file.readUInt32BE(at + 12),
    toc: [...file.subarray(at + 16, at + 116)],
  }
}

const patch = (file: GrowingFile, size = file.bytes.length, patcher = new LiveMp3Patcher()) =>
  drive(patcher, file.bytes, size)

function expectNearToc(view: LiveView, file: GrowingFile): void {
  const wanted = infoOf(file.finished).toc
  for (const [percent, place] of infoOf(view.head).toc.entries()) {
    expect(Math.abs(place - wanted[percent])).toBeLessThanOrEqual(1)
  }
}

describeWithTools(['ffmpeg'], 'LiveMp3Patcher', () => {
  it('says of the whole file what its muxer says at the end', () => {
    for (const name of ['MP3 CBR', 'MP3 VBR', 'MP3 of MPEG-2', 'MP3 mono']) {
      const file = grow(name, 20)
      const { view } = patch(file)
      const { toc, ...facts } = infoOf(file.finished)
      expect(infoOf(view.head)).toMatchObject(facts)
      expect(toc).toHaveLength(100)
      expectNearToc(view, file)
      expect(infoOf(view.head).magic).toBe(name === 'MP3 VBR' ? 'Xing' : 'Info')
    }
  })

  it('reads no more of a longer file at a constant rate', () => {
    const file = grow('MP3 CBR', 60)
    const { view, readBytes } = patch(file)
    expect(readBytes).toBeLessThan(150_000)
    expect(file.bytes.length).toBeGreaterThan(900_000)
    expect(infoOf(view.head).frames).toBe(infoOf(file.finished).frames)
  })

  it('reads what it has not seen at a variable rate', () => {
    const file = grow('MP3 VBR', 40)
    const patcher = new LiveMp3Patcher()
    const size = file.bytes.length - 20_000
    expect(patch(file, size, patcher).readBytes).toBeGreaterThan(size)
    const later = patch(file, file.bytes.length, patcher)
    expect(later.readBytes).toBeLessThan(130_000)
    expect(infoOf(later.view.head).frames).toBe(infoOf(file.finished).frames)
    // an older version of the file is served beside the newer
    expect(patch(file, 50_000, patcher).view).toEqual(patch(file, 50_000).view)
    expect(patch(file, file.bytes.length, patcher).view).toEqual(later.view)
  })

  it('takes rates that differ in the middle alone for variable', () => {
    const kind = audioKind('MP3 CBR')
    const quiet = encodeKind(kind, 20)
    const loud = encodeKind({ ...kind, encoder: kind.encoder.replace('128k', '160k') }, 10)
    const whole = Uint8Array.from(Buffer.concat([quiet, loud, quiet]))
    const file = growHalf(kind, whole, 'exact', 0)
    expect(patch(file).view.samples).toBe(framesOf(frameAll(mp3Format, whole)).length * 1152)
  })

  it('estimates from head and tail alone', () => {
    const file = grow('MP3 VBR', 60)
    const { bytes } = file
    const exact = patch(file).view
    const view = new LiveMp3Patcher().patch(bytes.subarray(0, 65_536), bytes.subarray(-131_072), bytes.length)
    expect(view.endByte).toBe(exact.endByte)
    expect(Math.abs(view.samples! / exact.samples! - 1)).toBeLessThan(0.1)
    expect(view.head.length).toBe(exact.head.length)
  })

  it('ends with the last whole frame when there is no Info frame', () => {
    const stream = encodeKind(audioKind('MP3 VBR'), 3)
    const ends = offsetsOf(framesOf(frameAll(mp3Format, stream)))
    for (let size = 0; size < stream.length; size += 997) {
      const { view } = drive(new LiveMp3Patcher(), stream, size)
      expect(view).toMatchObject({ endByte: ends.findLast((end) => end <= size), head: { length: 0 } })
    }
  })

  it('waits for the first frame', () => {
    const file = grow('MP3 CBR', 1)
    for (const size of [0, 5, 100, file.headerBytes - 600]) expect(patch(file, size).view.endByte).toBe(0)
    expect(drive(new LiveMp3Patcher(), new Uint8Array(9000).fill(0x41), 9000).view.endByte).toBe(0)
  })
})
