/** kb/s by bitrate index, for MPEG-1 and for MPEG-2 and 2.5. Index 0 is free format, 15 is forbidden. */
const MPEG1_KBPS = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0]
const MPEG2_KBPS = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0]
const MPEG1_RATES_HZ = [44100, 48000, 32000, 0]

/** The version field: 0 is MPEG-2.5, 1 is reserved, 2 is MPEG-2, 3 is MPEG-1. */
const VERSION_MPEG1 = 3
const VERSION_MPEG2 = 2
const VERSION_RESERVED = 1

/** Bytes of a frame header without its CRC. */
export const HEADER_BYTES = 4

/**
 * What the header of an MPEG audio layer III frame says.
 * @source ISO 11172-3 §2.4.1.3 and §2.4.2.3, ISO 13818-3 §2.4.2.3
 */
export interface MpegFrameHeader {
  /** 1, 2, or 2.5 (the extension for very low rates). */
  readonly version: 1 | 2 | 2.5
  /** Sampling rate in Hz. */
  readonly sampleRateHz: number
  /** 1 or 2. */
  readonly channels: 1 | 2
  /** Rate of this frame in bits per second. */
  readonly bitrateBps: number
  /** Whether 16 bits of CRC follow the header. */
  readonly protected: boolean
  /** Samples per channel: 1152 in MPEG-1, else 576. */
  readonly samplesPerFrame: 1152 | 576
  /** Length of the whole frame in bytes. */
  readonly frameBytes: number
  /** Length of the side information in bytes. */
  readonly sideInfoBytes: 32 | 17 | 9
  /** Where the main data begins, in bytes from the start of the frame. */
  readonly mainDataOffset: number
}

function sampleRateHz(version: number, index: number): number {
  return MPEG1_RATES_HZ[index] / (version === VERSION_MPEG1 ? 1 : version === VERSION_MPEG2 ? 2 : 4)
}

/** Frame lengths by version (2 bits), bitrate index (4), rate index (2) and padding (1); 0 where a field is not allowed. */
const FRAME_BYTES = new Uint16Array(512)
for (let index = 0; index < FRAME_BYTES.length; index++) {
  const version = index >>> 7
  const rateHz = sampleRateHz(version, (index >>> 1) & 3)
  const kbps = (version === VERSION_MPEG1 ? MPEG1_KBPS : MPEG2_KBPS)[(index >>> 3) & 15]
  if (version === VERSION_RESERVED || rateHz === 0 || kbps === 0) continue
  const slots = version === VERSION_MPEG1 ? 144_000 : 72_000
  FRAME_BYTES[index] = Math.floor((slots * kbps) / rateHz) + (index & 1)
}

/**
 * Length in bytes of the layer III frame whose header stands at `at`; 0 when none does. Free format (no length can be
 * known) and reserved values are refused. Four bytes are read.
 */
export function frameBytes(bytes: Uint8Array, at: number): number {
  if (bytes[at] !== 0xff) return 0
  const second = bytes[at + 1]
  if ((second & 0xe6) !== 0xe2 || (bytes[at + 3] & 0x03) === 0x02) return 0
  return FRAME_BYTES[((second & 0x18) << 4) | (bytes[at + 2] >>> 1)]
}

/** Version, sampling rate and channel count as one number: what never changes inside a stream. */
export function streamIdentity(bytes: Uint8Array, at: number): number {
  return ((bytes[at + 1] & 0x18) << 4) | (bytes[at + 2] & 0x0c) | (bytes[at + 3] >= 0xc0 ? 1 : 0)
}

/** Every length, in bytes, that a frame of the stream of the header at `at` can have. */
export function legalFrameBytes(bytes: Uint8Array, at: number): number[] {
  const version = (bytes[at + 1] & 0x18) << 4
  const rateIndex = (bytes[at + 2] >>> 1) & 6
  const lengths = Array.from(
    { length: 32 },
    (_, index) => FRAME_BYTES[version | ((index >>> 1) << 3) | rateIndex | (index & 1)],
  )
  return lengths.filter((length) => length > 0)
}

/** Bitrate index of the header at `at`, 1 to 14. */
export function bitrateIndex(bytes: Uint8Array, at: number): number {
  return bytes[at + 2] >>> 4
}

/** The header at `at`, spelled out; undefined when none stands there. */
export function parseFrameHeader(bytes: Uint8Array, at = 0): MpegFrameHeader | undefined {
  if (at + HEADER_BYTES > bytes.length) return undefined
  const length = frameBytes(bytes, at)
  if (length === 0) return undefined
  const version = (bytes[at + 1] >>> 3) & 3
  const mpeg1 = version === VERSION_MPEG1
  const mono = bytes[at + 3] >= 0xc0
  const isProtected = (bytes[at + 1] & 1) === 0
  const sideInfoBytes = mpeg1 ? (mono ? 17 : 32) : mono ? 9 : 17
  return {
    version: mpeg1 ? 1 : version === VERSION_MPEG2 ? 2 : 2.5,
    sampleRateHz: sampleRateHz(version, (bytes[at + 2] >>> 2) & 3),
    channels: mono ? 1 : 2,
    bitrateBps: (mpeg1 ? MPEG1_KBPS : MPEG2_KBPS)[bitrateIndex(bytes, at)] * 1000,
    protected: isProtected,
    samplesPerFrame: mpeg1 ? 1152 : 576,
    frameBytes: length,
    sideInfoBytes,
    mainDataOffset: HEADER_BYTES + (isProtected ? 2 : 0) + sideInfoBytes,
  }
}
