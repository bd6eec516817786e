import { FlacFrameDecoder } from '../../formats/flac/decode/frame-decoder.js'
import { parseFlacFrameHeader } from '../../formats/flac/frame-header.js'
import type { HeaderCapture } from '../../formats/header-capture.js'
import { planeSamples, silence, slicePlanes } from './planes.js'
import type { SpanDecoder } from './span-decoder.js'
import { flacStreamInfo } from './flac-stream-info.js'

/** FLAC frames, native or in Ogg, in our own code. A frame that breaks the rules is silence of its length. */
export function openFlac(header: HeaderCapture): SpanDecoder {
  const decoder = new FlacFrameDecoder()
  const { channels } = header.info
  const usualBits = flacStreamInfo(header)?.bitsPerSample ?? 16
  let room = silence(channels, 0)
  return {
    decode(span) {
      // the arrays of the last call are free again
      if (planeSamples(room) < span.samples) room = silence(channels, span.samples)
      const planes = slicePlanes(room, 0, span.samples)
      for (const plane of planes) plane.fill(0)
      for (let index = 0; index < span.frames; index++) {
        const frame = span.frame(index)
        const facts = parseFlacFrameHeader(frame)
        const decoded = facts && decoder.decodeFloats(frame, facts, facts.bitsPerSample || usualBits)
        if (decoded?.length !== channels) continue
        const from = span.sampleOffset(index)
        const samples = span.sampleOffset(index + 1) - from
        for (const [channel, plane] of decoded.entries()) planes[channel].set(plane.subarray(0, samples), from)
      }
      return Promise.resolve(planes)
    },
    end: () => Promise.resolve([]),
    close: () => {},
  }
}
