import type { PcmLayout } from '../../model.js'

/** Largest rate of the streamable subset. @source RFC 9639 §7, §9.1.2 */
const MAX_SAMPLE_RATE_HZ = 655_350
/** From here on a frame tells its rate in tens of Hz. */
const COARSE_RATE_HZ = 65_536
const MAX_CHANNELS = 8

/**
 * Why libFLAC cannot encode this PCM, and what helps; undefined when it can. Nothing is ever converted.
 * @source RFC 9639 §7; libFLAC 1.3, `FLAC__REFERENCE_CODEC_MAX_BITS_PER_SAMPLE`
 */
export function flacRefusal({ sampleFormat, sampleRateHz, channels }: PcmLayout): string | undefined {
  const help = 'record it with format = wav'
  if (sampleFormat === 'f32')
    return `FLAC holds whole numbers, not float samples; ${help}, or capture 16 or 24 bits instead`
  if (sampleFormat === 's32')
    return `this encoder takes samples of 16 and 24 bits, not of 32; ${help}, or capture 24 bits instead`
  if (channels > MAX_CHANNELS) return `FLAC holds up to ${MAX_CHANNELS} channels, not ${channels}; ${help}`
  const coarse = sampleRateHz >= COARSE_RATE_HZ && sampleRateHz % 10 !== 0
  if (sampleRateHz > MAX_SAMPLE_RATE_HZ || coarse)
    return `FLAC that can be played while it grows has no sample rate of ${sampleRateHz} Hz; ${help}`
  return undefined
}
