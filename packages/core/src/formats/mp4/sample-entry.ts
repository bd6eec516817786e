import { concatBytes } from '../../bytes/concat.js'
import { box, fullBox, uint16, uint32 } from './box.js'

/** Rates beyond it do not fit the field. */
const RATE_LIMIT_HZ = 65_536

/** What a sample entry says of the audio. */
export interface AudioFacts {
  readonly sampleRateHz: number
  readonly channels: number
  /** @defaultValue 16, whatever a decoder gives */
  readonly bitsPerSample?: number
}

/** What a decoder of AAC reserves room by. */
export interface ElementaryRates {
  /** Bytes of the largest frame. */
  readonly largestBytes: number
  /** Highest and mean bits per second; 0 when unknown. */
  readonly maxBps: number
  readonly meanBps: number
}

/**
 * @param type - four characters that name the codec
 * @param config - the box that configures its decoder
 * @source ISO 14496-12 §12.2.3 AudioSampleEntry
 */
export function audioSampleEntry(
  type: string,
  { sampleRateHz, channels, bitsPerSample = 16 }: AudioFacts,
  config: Uint8Array,
): Uint8Array {
  return box(
    type,
    uint16(0, 0, 0, 1),
    uint32(0, 0),
    uint16(channels, bitsPerSample, 0, 0),
    uint16(sampleRateHz < RATE_LIMIT_HZ ? sampleRateHz : 0, 0),
    config,
  )
}

/**
 * @param config - AudioSpecificConfig
 * @source ISO 14496-14 §5.6, ISO 14496-1 §7.2.6.5 ES_Descriptor, §7.2.6.6 DecoderConfigDescriptor
 */
export function elementaryStream(config: Uint8Array, { largestBytes, maxBps, meanBps }: ElementaryRates): Uint8Array {
  const decoder = descriptor(
    4,
    Uint8Array.of(0x40, 0x15, 0, largestBytes >>> 8, largestBytes & 0xff), // AAC, an audio stream, decoder buffer
    uint32(maxBps, meanBps),
    descriptor(5, config),
  )
  return fullBox('esds', 0, 0, descriptor(3, uint16(0), Uint8Array.of(0), decoder, descriptor(6, Uint8Array.of(2))))
}

function descriptor(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const size = parts.reduce((sum, part) => sum + part.length, 0)
  const head = Uint8Array.of(tag, 0x80, 0x80, 0x80 | (size >>> 7), size & 0x7f)
  return concatBytes([head, ...parts])
}
