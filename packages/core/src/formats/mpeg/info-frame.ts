import { crc16Reflected } from '../../bytes/crc/crc16.js'
import { blankFrame } from './blank-frame.js'
import { frameBytes, HEADER_BYTES, parseFrameHeader } from './frame-header.js'

/** Where a VBRI header stands, from the start of its frame. */
const VBRI_OFFSET = 36
/** Magic, flags, frames, bytes, TOC, quality. */
const XING_BYTES = 120
/** The LAME extension behind it. */
const LAME_BYTES = 36
/** The shape of the hearing threshold that LAME uses unless told otherwise; no player reads it. */
const DEFAULT_ATH_TYPE = 4
/** Frames, bytes, TOC and quality are there. */
const ALL_FLAGS = 0x0f
/** How the channels of one joint stereo frame are coupled, in the last byte of its header. */
const MODE_EXTENSION = 0x30

const encoder = new TextEncoder()

/**
 * Whether the frame at `at`, there as a whole, is a Xing, Info or VBRI frame: facts about a file, no audio.
 * @source Xing VBR header, LAME tag revision 1, Fraunhofer VBRI header
 */
export function isInfoFrame(bytes: Uint8Array, at: number): boolean {
  const mono = bytes[at + 3] >= 0xc0
  const mpeg1 = (bytes[at + 1] & 0x18) === 0x18
  const xing = at + HEADER_BYTES + (mpeg1 ? (mono ? 17 : 32) : mono ? 9 : 17)
  const isProtected = (bytes[at + 1] & 1) === 0
  // some writers leave no room for the CRC that their header announces
  const found = isXing(bytes, xing) || (isProtected && isXing(bytes, xing + 2)) || isVbri(bytes, at + VBRI_OFFSET)
  return found && VBRI_OFFSET + 6 <= frameBytes(bytes, at)
}

function isXing(bytes: Uint8Array, at: number): boolean {
  if (bytes[at] !== 0x58 && bytes[at] !== 0x49) return false
  if (!hasMagic(bytes, at, 'Xing') && !hasMagic(bytes, at, 'Info')) return false
  return bytes[at + 4] === 0 && bytes[at + 5] === 0 && bytes[at + 6] === 0 && bytes[at + 7] <= ALL_FLAGS
}

function isVbri(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === 0x56 && hasMagic(bytes, at, 'VBRI') && bytes[at + 4] === 0 && bytes[at + 5] === 1
}

function hasMagic(bytes: Uint8Array, at: number, magic: string): boolean {
  for (let index = 0; index < 4; index++) if (bytes[at + index] !== magic.charCodeAt(index)) return false
  return true
}

/** What an Info frame says to be cut off, as LAME counts it: the decoder's own 529 samples are in the padding, not in the delay. */
export interface InfoTrims {
  /** Samples before the audio. */
  readonly delaySamples: number
  /** Samples behind it. */
  readonly paddingSamples: number
}

/**
 * The trims that the Xing or Info frame at `at` declares in its LAME extension; undefined when it has none.
 * @source LAME tag revision 1
 */
export function readInfoTrims(bytes: Uint8Array, at: number): InfoTrims | undefined {
  const header = parseFrameHeader(bytes, at)
  if (!header) return undefined
  const unprotected = at + HEADER_BYTES + header.sideInfoBytes
  const magicAt = [unprotected, unprotected + 2].find((place) => isXing(bytes, place))
  if (magicAt === undefined) return undefined
  const flags = bytes[magicAt + 7]
  const declared = [4, 4, 100, 4].reduce((sum, size, bit) => sum + (flags & (1 << bit) ? size : 0), 0)
  const lameAt = magicAt + 8 + declared
  if (lameAt + LAME_BYTES > at + header.frameBytes || lameAt + 24 > bytes.length) return undefined
  const named = ['LAME', 'Lavf', 'Lavc'].some((name) => hasMagic(bytes, lameAt, name))
  if (!named) return undefined
  return {
    delaySamples: (bytes[lameAt + 21] << 4) | (bytes[lameAt + 22] >>> 4),
    paddingSamples: ((bytes[lameAt + 22] & 0x0f) << 8) | bytes[lameAt + 23],
  }
}

/** How long a file is. */
export interface InfoExtent {
  /** Frames behind the Info frame. */
  readonly frames: number
  /** Bytes from the Info frame on, itself included. */
  readonly bytes: number
  /** 100 places, each the part of `bytes`, in 256ths, that lies before that percent of the time. */
  readonly toc: Uint8Array
}

/** What an Info frame says of its file. */
export interface InfoFacts {
  /** Whether the frames differ in rate. */
  readonly vbr: boolean
  /** How long the file is; undefined while it grows. */
  readonly extent?: InfoExtent
  /** Samples that the encoder put before the audio, as LAME counts them: without the decoder's own 529. */
  readonly delaySamples: number
  /** Samples that the encoder put behind the audio, as LAME counts them: with the decoder's own 529. */
  readonly paddingSamples: number
  /** CRC of all bytes behind the Info frame. */
  readonly musicCrc: number
  /** Rate of the first frame of audio in bits per second. Default that of the header that the Info frame is like. */
  readonly bitrateBps?: number
}

/**
 * The Xing (VBR) or Info (CBR) frame with LAME extension: the only place where MP3 declares samples to be cut off.
 * Its length depends on `likeHeader` alone, so it can be written again with other facts.
 * @source LAME tag revision 1
 */
export function infoFrame(likeHeader: Uint8Array, facts: InfoFacts): Uint8Array {
  const like = parseFrameHeader(likeHeader)
  if (!like) throw new RangeError('no MPEG audio header')
  const magicAt = HEADER_BYTES + like.sideInfoBytes
  const frame = blankFrame(likeHeader, magicAt + XING_BYTES + LAME_BYTES)
  frame[3] &= ~MODE_EXTENSION // it changes from frame to frame: the same file gets the same Info frame whichever it is like
  const view = new DataView(frame.buffer)
  const { extent, delaySamples: delay, paddingSamples: padding } = facts
  const lameAt = magicAt + (extent ? XING_BYTES : 8) // what is not declared takes no room
  const bytes = Math.min(extent?.bytes ?? 0, 0xffff_ffff)
  frame.set(encoder.encode(facts.vbr ? 'Xing' : 'Info'), magicAt)
  if (extent) {
    view.setUint32(magicAt + 4, ALL_FLAGS)
    view.setUint32(magicAt + 8, extent.frames)
    view.setUint32(magicAt + 12, bytes)
    frame.set(extent.toc, magicAt + 16)
  }
  // players read delay and padding only behind a name they know
  frame.set(encoder.encode('LAME3.100'), lameAt)
  // "constant" makes mediainfo doubt frames of another rate than this one: it then shows no duration at all
  frame[lameAt + 9] = facts.vbr ? 4 : 0
  // behind zeros the next byte, 128 of 128 kb/s, is H.263's start code: ffmpeg does not know then what a file of a few frames is
  frame[lameAt + 19] = DEFAULT_ATH_TYPE
  frame[lameAt + 20] = Math.min(255, (facts.bitrateBps ?? like.bitrateBps) / 1000)
  frame[lameAt + 21] = delay >>> 4
  frame[lameAt + 22] = ((delay & 0x0f) << 4) | (padding >>> 8)
  frame[lameAt + 23] = padding & 0xff
  view.setUint32(lameAt + 28, bytes)
  view.setUint16(lameAt + 32, facts.musicCrc)
  view.setUint16(lameAt + 34, crc16Reflected(frame, 0, lameAt + 34))
  return frame
}
