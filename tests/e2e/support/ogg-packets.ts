import type { FeedKind } from '../rig/feeder.js'

/**
 * The audio packets of Ogg files, read by another way than the product's own: no CRC, no resync, one logical stream at a
 * time; a fault throws.
 * @source RFC 3533 §6
 */
export function audioPackets(file: Buffer): Buffer[] {
  const streams = new Map<number, Buffer[]>()
  const open = new Map<number, Buffer[]>()
  let at = 0
  while (at < file.length) {
    if (file.toString('latin1', at, at + 4) !== 'OggS') throw new Error(`no page at ${at}`)
    const serial = file.readUInt32LE(at + 14)
    const laces = file.subarray(at + 27, at + 27 + file[at + 26])
    let from = at + 27 + laces.length
    for (const lace of laces) {
      const parts = open.get(serial) ?? []
      parts.push(file.subarray(from, from + lace))
      from += lace
      if (lace < 255) {
        const packets = streams.get(serial) ?? []
        packets.push(Buffer.concat(parts))
        streams.set(serial, packets)
        open.delete(serial)
      } else open.set(serial, parts)
    }
    at = from
  }
  return [...streams.values()].flatMap((packets) => packets.slice(headerPackets(packets[0])))
}

/** How many header packets the codec has. */
function headerPackets(first: Buffer): number {
  const text = first.toString('latin1', 0, 8)
  if (text === 'OpusHead') return 2
  if (text.startsWith('\x01vorbis')) return 3
  if (text.startsWith('\x7fFLAC')) return 1 + first.readUInt16BE(7)
  throw new Error(`unknown codec: ${JSON.stringify(text)}`)
}

/** What of a packet stays the same in a rebuilt file: FLAC frames are renumbered, their subframes are not touched. */
export function bodyOf(kind: FeedKind): (packet: Buffer) => Buffer {
  if (kind !== 'ogg-flac') return (packet) => packet
  return (packet) => {
    // sync and sizes, then the number in UTF-8 style, optional block size and rate, CRC-8 ... CRC-16
    const lead = packet[4]
    const number = lead < 0x80 ? 1 : Math.clz32(~(lead << 24))
    const sizeCode = packet[2] >> 4
    const rateCode = packet[2] & 15
    const more = (sizeCode === 6 ? 1 : sizeCode === 7 ? 2 : 0) + (rateCode === 12 ? 1 : rateCode > 12 ? 2 : 0)
    return packet.subarray(4 + number + more + 1, -2)
  }
}
