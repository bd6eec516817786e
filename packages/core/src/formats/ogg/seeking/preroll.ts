import type { OggHeader } from '../header.js'
import type { PacketSpan } from '../packets/packet-span.js'

/**
 * How many packets at the start of a file are its declared pre-roll: what our own tag says, else the packets that pre-skip
 * hides when they are whole.
 * @param spans - the first of the file, as many as are hidden
 */
export function prerollFrames(header: OggHeader, spans: readonly PacketSpan[]): number {
  const { isr_preroll: declared } = header.metadata
  const hidden = wholeFrames(spans, header.hiddenSamples)
  if (declared === undefined || !/^\d{1,4}$/.test(declared)) return hidden
  // a tag that was copied to another file is not true there
  return header.hiddenSamples === 0 || Number(declared) === hidden ? Number(declared) : hidden
}

/** The packets that hold exactly `samples`; 0 when that is not a whole number of them. */
function wholeFrames(spans: readonly PacketSpan[], samples: number): number {
  let frames = 0
  let before = 0
  for (const span of spans) {
    for (let frame = 1; frame <= span.frames; frame++) {
      const end = before + span.decodedOffset(frame)
      if (end > samples) return 0
      frames++
      if (end === samples) return end > 0 ? frames : 0
    }
    before += span.decodedSamples
  }
  return 0
}
