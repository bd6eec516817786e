import { buildPage, editPage, lacesOf, pagesOf } from '../../../packages/core/test/formats/ogg/support/pages.js'

/** How many pages hold the header packets. No header packet begins as audio does. */
function headerPages(pages: readonly Uint8Array[]): number {
  const magic = Buffer.from(pages[0]).toString('latin1', 28, 36)
  return pages.findIndex((page) => {
    const { body } = contentsOf(page)
    if (magic.startsWith('OpusHead')) return body[0] !== 0x4f
    return magic.startsWith('\x7fFLAC') ? body[0] === 0xff : (body[0] & 1) === 0
  })
}

/**
 * The same stream in pages of one lace: a packet goes on over many pages, and those on which it does not end carry position -1.
 * @param stream - one packet a page
 * @source RFC 3533 §6
 */
export function tornIntoLaces(stream: Uint8Array): Buffer {
  const pages = pagesOf(stream)
  const headers = headerPages(pages)
  const torn = pages.slice(0, headers)
  for (const page of pages.slice(headers)) {
    const { laces, body } = contentsOf(page)
    let at = 0
    laces.forEach((lace, index) => {
      const isLast = index === laces.length - 1
      torn.push(
        buildPage({
          laces: [lace],
          body: body.subarray(at, at + lace),
          serial: serialOf(page),
          sequence: torn.length,
          continued: index > 0,
          granule: isLast ? granuleOf(page) : -1n,
          eos: isLast && (page[5] & 4) !== 0,
        }),
      )
      at += lace
    })
  }
  return Buffer.concat(torn)
}

/** Two of three audio pages say nothing of their position, though packets end on them; the first two and the last do. */
export function withoutPositions(stream: Uint8Array): Buffer {
  const pages = pagesOf(stream)
  const first = headerPages(pages)
  return Buffer.concat(
    pages.map((page, index) =>
      index < first + 2 || index === pages.length - 1 || index % 3 === 0
        ? page
        : editPage(page, (copy) => copy.writeBigInt64LE(-1n, 6)),
    ),
  )
}

/**
 * The same Opus in packets of `packetBytes`: padding makes them larger, decoders skip it.
 * @param stream - one packet of one frame a page
 * @source RFC 6716 §3.2.5
 */
export function paddedOpus(stream: Uint8Array, packetBytes: number): Buffer {
  const pages = pagesOf(stream)
  const headers = headerPages(pages)
  const padded = pages.slice(0, headers)
  for (const page of pages.slice(headers)) {
    const packet = pad(contentsOf(page).body, packetBytes)
    const laces = lacesOf(packet.length)
    for (let at = 0; at < laces.length; at += 255) {
      const some = laces.slice(at, at + 255)
      const isLast = at + 255 >= laces.length
      padded.push(
        buildPage({
          laces: some,
          body: packet.subarray(at * 255, at * 255 + some.reduce((sum, lace) => sum + lace, 0)),
          serial: serialOf(page),
          sequence: padded.length,
          continued: at > 0,
          granule: isLast ? granuleOf(page) : -1n,
          eos: isLast && (page[5] & 4) !== 0,
        }),
      )
    }
  }
  return Buffer.concat(padded)
}

/** What a station gives to a late listener: the header pages, then the stream from amid the page at `offset`. */
export function joinedLate(stream: Uint8Array, offset: number): Buffer {
  const pages = pagesOf(stream)
  const headers = Buffer.concat(pages.slice(0, headerPages(pages)))
  return Buffer.concat([headers, stream.subarray(Math.max(headers.length, offset))])
}

/** A packet of one frame (code 0) as a packet of code 3: one frame and padding. */
function pad(packet: Uint8Array, length: number): Buffer {
  if ((packet[0] & 3) !== 0) throw new RangeError('not one frame')
  const frame = packet.subarray(1)
  const paddingAndLength = length - 2 - frame.length
  const full = Math.floor((paddingAndLength - 1) / 255)
  const rest = paddingAndLength - full - 1 - full * 254
  return Buffer.concat([
    Uint8Array.of(packet[0] | 3, 0x41),
    new Uint8Array(full).fill(255),
    Uint8Array.of(rest),
    frame,
    new Uint8Array(full * 254 + rest),
  ])
}

function contentsOf(page: Uint8Array) {
  const laces = [...page.subarray(27, 27 + page[26])]
  return { laces, body: page.subarray(27 + laces.length) }
}

function granuleOf(page: Uint8Array): bigint {
  return Buffer.from(page).readBigInt64LE(6)
}

function serialOf(page: Uint8Array): number {
  return Buffer.from(page).readUInt32LE(14)
}
