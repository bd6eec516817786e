/** Sampling rates by index; 13 to 15 are not allowed in ADTS. */
const RATES_HZ = [96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350]
/** Channels by configuration; 0 says that a program config element tells. */
const CHANNELS = [0, 1, 2, 3, 4, 5, 6, 8]

const SAMPLES_PER_BLOCK = 1024
/** Bytes of a frame header without its CRC. */
export const HEADER_BYTES = 7

/**
 * What the header of an ADTS frame says.
 * @source ISO 14496-3 §1.A.2.2 (adts_fixed_header, adts_variable_header), ISO 13818-7 §6.2
 */
export interface AdtsFrameHeader {
  /** AAC audio object type: 1 Main, 2 LC, 3 SSR, 4 LTP. HE-AAC says 2 and carries its extension inside the frames. */
  readonly objectType: number
  /** Sampling rate in Hz of the core coder; HE-AAC plays at twice the rate. */
  readonly sampleRateHz: number
  /** 0 to 7; 0 says that a program config element in the frame tells the channels. */
  readonly channelConfiguration: number
  /** Channels by that configuration; 0 when it is 0. */
  readonly channels: number
  /** Whether a CRC follows the header. */
  readonly protected: boolean
  /** Length of the whole frame in bytes. */
  readonly frameBytes: number
  /** Samples per channel of the core coder: 1024 per raw data block, 1 to 4 blocks. */
  readonly samples: number
  /** Where the raw data begins, in bytes from the start of the frame. */
  readonly rawDataOffset: number
}

/**
 * Length in bytes of the ADTS frame whose header stands at `at`; 0 when none does: a sync word of twelve ones, layer 0, a
 * sampling rate that exists, and more bytes than the header alone. Seven bytes are read.
 */
export function frameBytes(bytes: Uint8Array, at: number): number {
  if (bytes[at] !== 0xff || (bytes[at + 1] & 0xf6) !== 0xf0 || (bytes[at + 2] & 0x3c) > 0x30) return 0
  const length = claimedFrameBytes(bytes, at)
  return length > rawDataOffset(bytes, at) ? length : 0
}

/** The length field at `at`, whatever else stands there. */
export function claimedFrameBytes(bytes: Uint8Array, at: number): number {
  return ((bytes[at + 3] & 0x03) << 11) | (bytes[at + 4] << 3) | (bytes[at + 5] >>> 5)
}

/** Profile, sampling rate and channel configuration as one number: what never changes inside a stream. */
export function streamIdentity(bytes: Uint8Array, at: number): number {
  return ((bytes[at + 2] & 0xfd) << 2) | (bytes[at + 3] >>> 6)
}

/** Samples per channel of the frame at `at`. */
export function frameSamples(bytes: Uint8Array, at: number): number {
  return SAMPLES_PER_BLOCK * rawDataBlocks(bytes, at)
}

/** The header at `at`, spelled out; undefined when none stands there. */
export function parseFrameHeader(bytes: Uint8Array, at = 0): AdtsFrameHeader | undefined {
  if (at + HEADER_BYTES > bytes.length || frameBytes(bytes, at) === 0) return undefined
  const channelConfiguration = ((bytes[at + 2] & 1) << 2) | (bytes[at + 3] >>> 6)
  return {
    objectType: (bytes[at + 2] >>> 6) + 1,
    sampleRateHz: RATES_HZ[(bytes[at + 2] >>> 2) & 15],
    channelConfiguration,
    channels: CHANNELS[channelConfiguration],
    protected: (bytes[at + 1] & 1) === 0,
    frameBytes: frameBytes(bytes, at),
    samples: frameSamples(bytes, at),
    rawDataOffset: rawDataOffset(bytes, at),
  }
}

function rawDataBlocks(bytes: Uint8Array, at: number): number {
  return (bytes[at + 6] & 3) + 1
}

/** A protected frame of several blocks has the place of each block but the first before its CRC, 16 bits each. */
function rawDataOffset(bytes: Uint8Array, at: number): number {
  return bytes[at + 1] & 1 ? HEADER_BYTES : HEADER_BYTES + 2 * rawDataBlocks(bytes, at)
}
