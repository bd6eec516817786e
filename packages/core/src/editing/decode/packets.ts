import type { PacketDecoder, Planes } from '../../decoders/decoder.js'
import type { PacketSpan } from '../../formats/ogg/packets/packet-span.js'
import { joinPlanes, planeSamples, silence, slicePlanes } from './planes.js'
import type { SpanDecoder } from './span-decoder.js'

/** Vorbis and Opus packets: what each gives is known, so a damaged one becomes silence of its length and nothing shifts. */
export async function openPackets(decoder: PacketDecoder, history: readonly PacketSpan[]): Promise<SpanDecoder> {
  for (const span of history) {
    for (let frame = 0; frame < span.frames; frame++) await decoder.decode(span.frame(frame))
  }
  return {
    async decode(span) {
      const packets = span as PacketSpan
      const { channels } = span.header.info
      const parts: Planes[] = []
      for (let frame = 0; frame < packets.frames; frame++) {
        const expected = packets.decodedOffset(frame + 1) - packets.decodedOffset(frame)
        parts.push(ofLength(await decoder.decode(packets.frame(frame)), expected, channels))
      }
      const from = Math.min(packets.hiddenSamples, packets.decodedSamples - packets.trimmedSamples)
      return slicePlanes(joinPlanes(parts, channels), from, from + packets.samples)
    },
    end: () => Promise.resolve([]),
    close: () => decoder.close(),
  }
}

/** The last samples are those of the packet itself; what is missing was before them. */
function ofLength(planes: Planes, samples: number, channels: number): Planes {
  const given = planeSamples(planes)
  if (given === samples && planes.length === channels) return planes
  const kept = slicePlanes(planes, Math.max(0, given - samples), given).slice(0, channels)
  return joinPlanes([silence(channels, samples - planeSamples(kept)), kept], channels)
}
