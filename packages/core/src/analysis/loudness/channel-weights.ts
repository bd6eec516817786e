/** How a source orders its channels: as WAVE, FLAC and soundcards do, or as Vorbis and Opus. */
export type ChannelOrder = 'wave' | 'vorbis'

const SIDE = 1.41
const LFE = 0

/** Front, centre and what is right behind count once; to the sides 1.41; bass effects not at all. By number of channels. */
const WAVE: Readonly<Record<number, readonly number[]>> = {
  4: [1, 1, SIDE, SIDE],
  5: [1, 1, 1, SIDE, SIDE],
  6: [1, 1, 1, LFE, SIDE, SIDE],
  7: [1, 1, 1, LFE, 1, SIDE, SIDE],
  8: [1, 1, 1, LFE, 1, 1, SIDE, SIDE],
}
/** @source RFC 7845 §5.1.1.2; Vorbis I §4.3.9 */
const VORBIS: Readonly<Record<number, readonly number[]>> = {
  4: [1, 1, SIDE, SIDE],
  5: [1, 1, 1, SIDE, SIDE],
  6: [1, 1, 1, SIDE, SIDE, LFE],
  7: [1, 1, 1, SIDE, SIDE, 1, LFE],
  8: [1, 1, 1, SIDE, SIDE, 1, 1, LFE],
}

/**
 * How much each channel counts in loudness. One channel counts once: mono is 3 LU below the same on two loudspeakers.
 * @source ITU-R BS.1770-4 Table 3 and Annex 3
 */
export function channelWeights(channels: number, order: ChannelOrder = 'wave'): readonly number[] {
  const known = (order === 'wave' ? WAVE : VORBIS)[channels]
  return known ?? Array.from({ length: channels }, () => 1)
}
