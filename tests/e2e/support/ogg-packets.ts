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
