import { expect, it } from 'vitest'
import { describeWithTools } from '../../../../../tests/e2e/rig/require-tool.js'
import { parseFrameHeader } from '../../../src/formats/mpeg/frame-header.js'
import { mp3Format } from '../../../src/formats/mpeg/index.js'
import { mainDataBegin, mainDataBytesUsed } from '../../../src/formats/mpeg/side-info.js'
import { encodeMp3 } from '../support/encoded.js'
import { frameAll, framesOf } from '../support/framing.js'

describeWithTools(['ffmpeg'], 'side info', () => {
  // where an encoder adds no stuffing, each frame's audio begins exactly where that of the frame before ends
  const streams: [string, Uint8Array][] = [
    ['MPEG-1 stereo', encodeMp3('-abr 1 -b:a 96k')],
    ['MPEG-1 mono', encodeMp3('-b:a 32k', { channels: 1 })],
    ['MPEG-2 stereo', encodeMp3('-q:a 6', { rateHz: 22050 })],
    ['MPEG-2 mono', encodeMp3('-b:a 16k', { rateHz: 16000, channels: 1, seconds: 6 })],
  ]
  for (const [name, stream] of streams) {
    it(`tells how the bit reservoir goes on: ${name}`, () => {
      const frames = framesOf(frameAll(mp3Format, stream))
      const begins = frames.map((frame) => mainDataBegin(frame, parseFrameHeader(frame)!))
      let matching = 0
      frames.slice(0, -1).forEach((frame, index) => {
        const header = parseFrameHeader(frame)!
        const left = begins[index] + frame.length - header.mainDataOffset - mainDataBytesUsed(frame, header)
        if (left === begins[index + 1]) matching++
      })
      expect(Math.max(...begins)).toBeGreaterThan(20)
      expect(matching).toBeGreaterThan(0.98 * (frames.length - 1))
    })
  }
})
