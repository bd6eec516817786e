import { HEADER_BYTES, legalFrameBytes, parseFrameHeader } from '../frame-header.js'
import { isInfoFrame, readInfoTrims, type InfoTrims } from '../info-frame.js'

/** Where a VBRI header stands, from the start of its frame. */
const VBRI_OFFSET = 36
const XING_MAGICS = ['Xing', 'Info']

/** What the Info frame at the start of a file declares. */
export interface DeclaredExtent {
  /** Where it stands, from the start of the bytes. */
  readonly at: number
  /** Frames behind it; undefined when it does not say. */
  readonly frames?: number
  /** Bytes from it on, itself included; undefined when it does not say. */
  readonly bytes?: number
  /** Samples to be cut off; undefined when it does not say. */
  readonly trims?: InfoTrims
}

/**
 * Reads the Xing, Info or VBRI frame that ends where `head` ends, right before the first frame of audio.
 * @param firstHeader - of that frame: an Info frame has a rate of its own, the rest is alike
 * @source Xing VBR header, LAME tag revision 1, Fraunhofer VBRI header
 */
export function readDeclaredExtent(head: Uint8Array, firstHeader: Uint8Array): DeclaredExtent | undefined {
  for (const length of legalFrameBytes(firstHeader, 0)) {
    const at = head.length - length
    const header = at < 0 ? undefined : parseFrameHeader(head, at)
    if (header?.frameBytes !== length || !isInfoFrame(head, at)) continue
    const trims = readInfoTrims(head, at)
    return { at, ...readCounts(head, at, header.sideInfoBytes), ...(trims && { trims }) }
  }
  return undefined
}

function readCounts(head: Uint8Array, at: number, sideInfoBytes: number): Pick<DeclaredExtent, 'frames' | 'bytes'> {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength)
  const xing = at + HEADER_BYTES + sideInfoBytes
  for (const magic of [xing, xing + 2]) {
    if (!XING_MAGICS.includes(String.fromCharCode(...head.subarray(magic, magic + 4)))) continue
    if (magic + 16 > head.length) return {}
    const flags = view.getUint32(magic + 4)
    const frames = flags & 1 ? view.getUint32(magic + 8) : undefined
    const bytes = flags & 2 ? view.getUint32(magic + (flags & 1 ? 12 : 8)) : undefined
    return { ...(frames !== undefined && { frames }), ...(bytes !== undefined && { bytes }) }
  }
  const vbri = at + VBRI_OFFSET
  if (vbri + 18 > head.length) return {}
  return { bytes: view.getUint32(vbri + 10), frames: view.getUint32(vbri + 14) }
}
