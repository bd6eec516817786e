/** Pages built byte by byte, with a checksum of its own: the framer is not judged by our own page writer. */
export interface PageInit {
  readonly laces: readonly number[]
  readonly body: Uint8Array
  readonly serial?: number
  readonly sequence?: number
  readonly granule?: bigint
  readonly bos?: boolean
  readonly eos?: boolean
  readonly continued?: boolean
}

export function buildPage(init: PageInit): Uint8Array {
  const page = Buffer.alloc(27 + init.laces.length + init.body.length)
  page.write('OggS')
  page[5] = (init.continued ? 1 : 0) + (init.bos ? 2 : 0) + (init.eos ? 4 : 0)
  page.writeBigInt64LE(init.granule ?? 0n, 6)
  page.writeUInt32LE(init.serial ?? 1, 14)
  page.writeUInt32LE(init.sequence ?? 0, 18)
  page[26] = init.laces.length
  page.set(init.laces, 27)
  page.set(init.body, 27 + init.laces.length)
  page.writeUInt32LE(bitwiseCrc(page), 22)
  return new Uint8Array(page)
}

function bitwiseCrc(bytes: Uint8Array): number {
  let crc = 0
  for (const byte of bytes) {
    crc ^= byte << 24
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x80000000 ? (crc << 1) ^ 0x04c11db7 : crc << 1
  }
  return crc >>> 0
}

/** A page of whole packets. */
export function packetsPage(packets: readonly Uint8Array[], init: Omit<PageInit, 'laces' | 'body'> = {}): Uint8Array {
  return buildPage({
    ...init,
    laces: packets.flatMap((packet) => lacesOf(packet.length)),
    body: Buffer.concat(packets),
  })
}

/** The lacing values of a packet. */
export function lacesOf(length: number): number[] {
  return [...new Array<number>(Math.floor(length / 255)).fill(255), length % 255]
}

/** Where each page of a valid Ogg file starts. */
export function pageOffsets(bytes: Uint8Array): number[] {
  const offsets: number[] = []
  for (let offset = 0; offset < bytes.length;) {
    offsets.push(offset)
    const laces = bytes.subarray(offset + 27, offset + 27 + bytes[offset + 26])
    offset += 27 + laces.length + laces.reduce((sum, lace) => sum + lace, 0)
  }
  return offsets
}

/** A valid Ogg file cut into its pages. */
export function pagesOf(bytes: Uint8Array): Uint8Array[] {
  return pageOffsets(bytes).map((offset, index, all) => bytes.subarray(offset, all[index + 1] ?? bytes.length))
}

/** `page` with some bytes changed by `edit` and its checksum made right again. */
export function editPage(page: Uint8Array, edit: (copy: Buffer) => void): Uint8Array {
  const copy = Buffer.from(page)
  edit(copy)
  copy.writeUInt32LE(0, 22)
  copy.writeUInt32LE(bitwiseCrc(copy), 22)
  return new Uint8Array(copy)
}

/** OpusHead and OpusTags for packets made by {@link opusPacket}. */
export function opusHeaderPages(serial = 1, { preSkip = 312, tags = [] as string[] } = {}): Uint8Array[] {
  const head = Buffer.from('OpusHead\x01\x02\0\0\x80\xbb\0\0\0\0\0', 'latin1')
  head.writeUInt16LE(preSkip, 10)
  const text = (value: string) => {
    const length = Buffer.alloc(4)
    length.writeUInt32LE(Buffer.byteLength(value))
    return Buffer.concat([length, Buffer.from(value)])
  }
  const count = Buffer.alloc(4)
  count.writeUInt32LE(tags.length)
  const comment = Buffer.concat([Buffer.from('OpusTags'), text('test'), count, ...tags.map(text)])
  return [packetsPage([head], { serial, sequence: 0, bos: true }), packetsPage([comment], { serial, sequence: 1 })]
}

/** A 20 ms Opus packet (960 samples) by its first byte; the rest carries its number. */
export function opusPacket(number: number, length = 40): Uint8Array {
  const packet = Buffer.alloc(length, number & 0xff)
  packet[0] = 31 << 3
  packet.writeUInt32LE(number, 1)
  return new Uint8Array(packet)
}
