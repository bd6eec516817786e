import type { PcmLayout, SampleFormat } from '../../model.js'

const SAMPLE_BYTES: Readonly<Record<SampleFormat, number>> = { s16: 2, s24: 3, s32: 4, f32: 4 }

/** Most channels that a {@link PcmLayout} may have. */
export const MAX_CHANNELS = 8

/** Bytes of one sample of one channel. */
export function bytesPerSample(sampleFormat: SampleFormat): number {
  return SAMPLE_BYTES[sampleFormat]
}

/** Bytes of one sample of all channels: what PCM may be cut between. */
export function blockAlignBytes(layout: PcmLayout): number {
  return layout.channels * SAMPLE_BYTES[layout.sampleFormat]
}

/** Speakers that this many channels usually are, as WAVE numbers them. */
export function defaultChannelMask(channels: number): number {
  return [0, 0x4, 0x3, 0x7, 0x33, 0x37, 0x3f, 0x13f, 0x63f][channels] ?? 0
}
