import { expect, it } from 'vitest'
import { describeWithTools } from '../../../../../tests/e2e/rig/require-tool.js'
import { HeaderCapture } from '../../../src/formats/header-capture.js'
import { mp3Format } from '../../../src/formats/mpeg/index.js'
import { encodeMp3 } from '../support/encoded.js'
import { hex, join, splitInto } from '../support/framing.js'

describeWithTools(['ffmpeg'], 'mp3Format', () => {
  it('makes verbatim files of the received frames and nothing else', () => {
    const stream = encodeMp3('-q:a 4')
    const files = splitInto(mp3Format, stream, { cuts: [1, 40, 41, 100], join: 'verbatim' })
    expect(hex(join(...files.map((file) => file.bytes)))).toBe(hex(stream))
    expect(files.map((file) => file.headerBytes)).toEqual([0, 0, 0, 0, 0])
    expect(files[1].counts).toEqual({ frames: 39, samples: 39 * 1152, prerollFrames: 0, prerollSamples: 0 })
  })

  it('wants enough history for the widest reservoir of the smallest frames', () => {
    // 24 bytes a frame, 3 of them main data, 255 bytes of reservoir, two frames of pre-roll
    expect(mp3Format.historySeconds).toBeGreaterThan((255 / 3 + 2) * (576 / 24000))
  })

  it('refuses the header of another format', () => {
    const info = { codec: 'aac', sampleRateHz: 44100, channels: 2, bitrateBps: 0 } as const
    const header = new HeaderCapture({ format: 'aac', extension: 'aac', info })
    const context = { startedAt: 0, utcOffsetMinutes: 0, source: 's', history: [], serial: 1, opusPrerollMs: 400 }
    expect(() => mp3Format.createMuxer(header, { ...context, join: 'exact' })).toThrow(TypeError)
  })
})
