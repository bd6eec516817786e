import { expect, it } from 'vitest'
import { describeWithTools } from '../../../../../tests/e2e/rig/require-tool.js'
import { aacFormat } from '../../../src/formats/aac/index.js'
import { encodeAac } from '../support/encoded.js'
import { join, splitInto } from '../support/framing.js'
import { damaged, expectSane, expectSeekable, fileOf, seekIn, someSamples, virtualFile } from '../support/reading.js'

describeWithTools(['ffmpeg'], 'reading ADTS files from any place', () => {
  const stream = encodeAac({ seconds: 6 })

  it('finds the frames of a full read', () => {
    for (const { bytes } of [{ bytes: stream }, ...splitInto(aacFormat, stream, { cuts: [50, 130] })]) {
      const { layout, all } = expectSeekable(aacFormat, fileOf(bytes), { samples: someSamples(30, 44100 * 6) })
      expect(layout).toMatchObject({
        prerollFrames: 0,
        hiddenSamples: 0,
        framesStartByte: 0,
        framesEndByte: bytes.length,
      })
      expect([layout.samples, layout.startedAt]).toEqual([undefined, undefined])
      expect(all.every(({ sample, end }, index) => sample === index * 1024 && end === sample + 1024)).toBe(true)
    }
  })

  it('does not mind tags, nor a torn end', () => {
    const tag = join('ID3\x04\0\0\0\0\x10\0', new Uint8Array(2048).fill(0xff))
    const tagged = join(tag, stream, 'TAG', new Uint8Array(125))
    const { layout } = expectSeekable(aacFormat, fileOf(tagged), { samples: someSamples(5, 44100 * 6) })
    expect(layout).toMatchObject({ framesStartByte: tag.length, framesEndByte: tag.length + stream.length })
    const torn = expectSeekable(aacFormat, fileOf(stream.subarray(0, 30_001)), { samples: [5000, 50_000] })
    expect(torn.layout.framesEndByte).toBe(torn.all.reduce((sum, { bytes }) => sum + bytes.length, 0))
  })

  it('survives any damage', () => {
    let readable = 0
    for (const broken of damaged(stream, 60)) {
      if (expectSane(aacFormat, broken, [1000, 60_000, 200_000])) readable++
    }
    expect(readable).toBeGreaterThan(40)
    expect(expectSane(aacFormat, new Uint8Array(0), [])).toBe(false)
  })

  it('looks at every header before the place, each byte once', () => {
    const repeats = 100
    const file = virtualFile(new Array<number>(repeats).fill(stream.length), () => stream)
    const layout = expectSeekable(aacFormat, fileOf(stream), { samples: [] }).layout
    const frames = Math.round((44100 * 6) / 1024) * repeats
    const { point, cost } = seekIn(aacFormat, layout, file, 1024 * Math.floor(frames / 2))
    expect(point.frame).toBe(Math.floor(frames / 2))
    expect(cost.bytes).toBeLessThan(file.sizeBytes / 2 + 3e6)
    expect(cost.reads).toBeLessThan(10)
  })
})
