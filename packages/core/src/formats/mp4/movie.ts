import type { Chapter } from '../tags/chapter.js'
import type { RecordingFacts } from '../tags/file-tags.js'
import { box, fullBox, time64, uint16, uint32, uint64, utf8 } from './box.js'
import { audioSampleEntry, elementaryStream } from './sample-entry.js'
import type { SampleTable } from './sample-table.js'
import { userData } from './user-data.js'

/** No rotation, no scaling: 16.16, 16.16, 2.30 fixed point. */
const UNITY_MATRIX = uint32(0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
const UNDETERMINED_LANGUAGE = 0x55c4
const ENABLED_IN_MOVIE = 3
/** Number of the only track. */
export const TRACK_ID = 1

/** What the `moov` box tells beside the table. */
export interface MovieFacts {
  /** AudioSpecificConfig. */
  readonly config: Uint8Array
  /** Of the core coder, in which everything is counted. */
  readonly sampleRateHz: number
  readonly channels: number
  /** Samples at the start that are decoded and not played. */
  readonly hiddenSamples: number
  /** For the tags. */
  readonly recording: RecordingFacts
  /** Titles that began in the file. */
  readonly chapters: readonly Chapter[]
}

/**
 * Everything about a file but its audio: one track, an edit list that hides the pre-roll, tags. 64-bit times throughout.
 * @source ISO 14496-12 §8
 */
export function movie(facts: MovieFacts, table: SampleTable): Uint8Array {
  const { recording, sampleRateHz, hiddenSamples } = facts
  const playedSamples = table.samples - hiddenSamples
  const edits = fullBox('elst', 1, 0, uint32(1), uint64(playedSamples), uint64(hiddenSamples), uint16(1, 0))
  return movieBox({
    startMicroseconds: recording.startMicroseconds,
    sampleRateHz,
    playedSamples,
    mediaSamples: table.samples,
    edits: [box('edts', edits)],
    sampleTable: table.build(sampleDescription(sampleEntry(facts, table))),
    others: [userData(recording, facts.chapters)],
  })
}

/** What every `moov` box holds. */
export interface MovieParts {
  /** Wall clock of the first sample; undefined when nobody knows. */
  readonly startMicroseconds: number | undefined
  /** In which everything is counted. */
  readonly sampleRateHz: number
  /** 0 when the audio comes in fragments. */
  readonly playedSamples: number
  /** With hidden ones. */
  readonly mediaSamples: number
  /** The `edts` box, if any. */
  readonly edits: readonly Uint8Array[]
  /** The `stbl` box. */
  readonly sampleTable: Uint8Array
  /** Boxes behind the track. */
  readonly others: readonly Uint8Array[]
}

/** A `moov` box of one track. */
export function movieBox(parts: MovieParts): Uint8Array {
  const { sampleRateHz } = parts
  const created = time64(parts.startMicroseconds)
  const times = [created, created]
  const played = uint64(parts.playedSamples)
  const media = uint64(parts.mediaSamples)
  return box(
    'moov',
    fullBox(
      'mvhd',
      1,
      0,
      ...times,
      uint32(sampleRateHz),
      played,
      uint32(0x10000),
      uint16(0x100, 0, 0, 0, 0, 0),
      UNITY_MATRIX,
      uint32(0, 0, 0, 0, 0, 0, TRACK_ID + 1),
    ),
    box(
      'trak',
      fullBox(
        'tkhd',
        1,
        ENABLED_IN_MOVIE,
        ...times,
        uint32(TRACK_ID, 0),
        played,
        uint32(0, 0),
        uint16(0, 0, 0x100, 0),
        UNITY_MATRIX,
        uint32(0, 0),
      ),
      ...parts.edits,
      box(
        'mdia',
        fullBox('mdhd', 1, 0, ...times, uint32(sampleRateHz), media, uint16(UNDETERMINED_LANGUAGE, 0)),
        fullBox('hdlr', 0, 0, uint32(0), utf8('soun'), uint32(0, 0, 0), utf8('ISR\0')),
        box(
          'minf',
          fullBox('smhd', 0, 0, uint16(0, 0)),
          box('dinf', fullBox('dref', 0, 0, uint32(1), fullBox('url ', 0, 1))),
          parts.sampleTable,
        ),
      ),
    ),
    ...parts.others,
  )
}

/** The `stsd` box. */
export function sampleDescription(entry: Uint8Array): Uint8Array {
  return fullBox('stsd', 0, 0, uint32(1), entry)
}

function sampleEntry({ config, sampleRateHz, channels }: MovieFacts, table: SampleTable): Uint8Array {
  const seconds = table.samples / sampleRateHz
  const bitsPerSecond = (bytes: number, of: number) => Math.min(0xffffffff, Math.round((8 * bytes) / (of || 1)))
  const { largestBytes } = table
  const frameSeconds = table.frames > 0 ? seconds / table.frames : 0
  const rates = {
    largestBytes,
    maxBps: bitsPerSecond(largestBytes, frameSeconds),
    meanBps: bitsPerSecond(table.sizeBytes, seconds),
  }
  return audioSampleEntry('mp4a', { sampleRateHz, channels }, elementaryStream(config, rates))
}
