import { FlacFrameDecoder } from '../../formats/flac/decode/frame-decoder.js'
import { parseFlacFrameHeader } from '../../formats/flac/frame-header.js'
import type { HeaderCapture } from '../../formats/header-capture.js'
import { joinPlanes, silence } from './planes.js'
import type { SpanDecoder } from './span-decoder.js'
import { flacStreamInfo } from './flac-stream-info.js'

/** FLAC frames, native or in Ogg, in our own code. A frame that breaks the rules is silence of its length. */
export function openFlac(header: HeaderCapture): SpanDecoder {
  const decoder = new FlacFrameDecoder()
  const { channels } = header.info
  const usualBits = flacStreamInfo(header)?.bitsPerSample ?? 16
  return {
    decode(span) {
      const parts = Array.from({ length: span.frames }, (_, index) => {
        const frame = span.frame(index)
        const facts = parseFlacFrameHeader(frame)
        const bits = facts?.bitsPerSample || usualBits
        const decoded = facts && decoder.decode(frame, facts, bits)
        if (!decoded) return silence(channels, span.sampleOffset(index + 1) - span.sampleOffset(index))
        const scale = 2 ** (1 - bits)
        return decoded.map((plane) => Float32Array.from(plane, (value) => value * scale))
      })
      return Promise.resolve(joinPlanes(parts, channels))
    },
    end: () => Promise.resolve([]),
    close: () => {},
  }
}
