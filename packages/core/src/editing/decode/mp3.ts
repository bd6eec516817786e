import type { PacketDecoder, Planes } from '../../decoders/decoder.js'
import type { FrameSpan } from '../../formats/frame-span.js'
import { blankFrameAtRate } from '../../formats/mpeg/blank-frame.js'
import { mp3Preroll } from '../../formats/mpeg/exact/preroll.js'
import type { Mp3HeaderCapture } from '../../formats/mpeg/header.js'
import { joinPlanes, planeSamples, slicePlanes } from './planes.js'
import type { SpanDecoder } from './span-decoder.js'

/** Blank frames that push out what a decoder holds back. */
const PUSHING_FRAMES = 2

/**
 * MP3 frames. The decoder warms up with the hidden pre-roll that a file of these frames would begin with: then it gives every frame,
 * each at its place, and the first is exact.
 */
export async function openMp3(
  decoder: PacketDecoder,
  header: Mp3HeaderCapture,
  history: readonly FrameSpan[],
): Promise<SpanDecoder> {
  const preroll = mp3Preroll(header, history)
  let toDrop = preroll.frames * header.first.samplesPerFrame
  let owed = 0
  const align = (planes: Planes): Planes => {
    const given = planeSamples(planes)
    const from = Math.min(toDrop, given)
    toDrop -= from
    const to = Math.min(given, from + owed)
    owed -= to - from
    return slicePlanes(planes, from, to)
  }
  align(await decoder.decode(preroll.bytes))
  return {
    async decode(span) {
      owed += span.samples
      return align(await decoder.decode(span.bytes))
    },
    async end() {
      const parts: Planes[] = []
      const blank = blankFrameAtRate(header.firstHeader, 0)
      for (let frame = 0; frame < PUSHING_FRAMES; frame++) parts.push(align(await decoder.decode(blank)))
      return joinPlanes(parts, header.info.channels)
    },
    close: () => decoder.close(),
  }
}
