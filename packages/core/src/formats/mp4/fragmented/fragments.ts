import { concatBytes } from '../../../bytes/concat.js'
import { box, BOX_HEADER_BYTES, fullBox, uint32, uint64, utf8 } from '../box.js'
import { movieBox, sampleDescription, TRACK_ID } from '../movie.js'
import type { Track } from './track.js'

/** Offsets count from the `moof` box. */
const BASE_IS_MOOF = 0x020000
/** Data offset, and duration and size of each sample. */
const RUN_FLAGS = 0x000001 | 0x000100 | 0x000200
/** Every frame can be decoded alone. */
const DEPENDS_ON_NOTHING = 0x02000000

/**
 * What stands before the fragments.
 * @source ISO 14496-12 §8.8.1 mvex, §8.8.3 trex; ISO Byte Stream Format for Media Source Extensions §3
 */
export function initSegment({ sampleRateHz, sampleEntry }: Track): Uint8Array {
  const none = uint32(0)
  const sampleTable = box(
    'stbl',
    sampleDescription(sampleEntry),
    fullBox('stts', 0, 0, none),
    fullBox('stsc', 0, 0, none),
    fullBox('stsz', 0, 0, none, none),
    fullBox('stco', 0, 0, none),
  )
  const extends_ = fullBox('trex', 0, 0, uint32(TRACK_ID, 1, 0, 0, DEPENDS_ON_NOTHING))
  return concatBytes([
    box('ftyp', utf8('iso6'), uint32(0), utf8('iso6mp41dash')),
    movieBox({
      startMicroseconds: undefined,
      sampleRateHz,
      playedSamples: 0,
      mediaSamples: 0,
      edits: [],
      sampleTable,
      others: [box('mvex', extends_)],
    }),
  ])
}

/** A frame of a fragment. */
export interface FragmentFrame {
  /** As it stands in the file. */
  readonly bytes: Uint8Array
  /** Its length. */
  readonly samples: number
}

/**
 * @param sequence - counts the fragments, from 1
 * @param sample - before the first frame, from the beginning of the stream
 * @source ISO 14496-12 §8.8.4 moof, §8.8.7 tfhd, §8.8.8 trun, §8.8.12 tfdt
 */
export function fragment(sequence: number, sample: number, frames: readonly FragmentFrame[]): Uint8Array {
  const table = uint32(...frames.flatMap(({ bytes, samples }) => [samples, bytes.length]))
  const moof = (dataOffset: number) =>
    box(
      'moof',
      fullBox('mfhd', 0, 0, uint32(sequence)),
      box(
        'traf',
        fullBox('tfhd', 0, BASE_IS_MOOF, uint32(TRACK_ID)),
        fullBox('tfdt', 1, 0, uint64(sample)),
        fullBox('trun', 0, RUN_FLAGS, uint32(frames.length, dataOffset), table),
      ),
    )
  const dataOffset = moof(0).length + BOX_HEADER_BYTES
  return concatBytes([moof(dataOffset), box('mdat', ...frames.map(({ bytes }) => bytes))])
}
