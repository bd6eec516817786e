import { concatBytes } from '../../bytes/concat.js'
import type { Chapter } from '../tags/chapter.js'
import type { RecordingFacts } from '../tags/file-tags.js'
import { box, fullBox, time64, uint16, uint32, uint64, utf8 } from './box.js'
import { userData } from './user-data.js'
import type { SampleTable } from './sample-table.js'

/** No rotation, no scaling: 16.16, 16.16, 2.30 fixed point. */
const UNITY_MATRIX = uint32(0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
const UNDETERMINED_LANGUAGE = 0x55c4
const ENABLED_IN_MOVIE = 3
const TRACK_ID = 1

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
  const created = time64(recording.startMicroseconds)
  const times = [created, created]
  const played = uint64(table.samples - hiddenSamples)
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
      box('edts', fullBox('elst', 1, 0, uint32(1), played, uint64(hiddenSamples), uint16(1, 0))),
      box(
        'mdia',
        fullBox('mdhd', 1, 0, ...times, uint32(sampleRateHz), uint64(table.samples), uint16(UNDETERMINED_LANGUAGE, 0)),
        fullBox('hdlr', 0, 0, uint32(0), utf8('soun'), uint32(0, 0, 0), utf8('ISR\0')),
        box(
          'minf',
          fullBox('smhd', 0, 0, uint16(0, 0)),
          box('dinf', fullBox('dref', 0, 0, uint32(1), fullBox('url ', 0, 1))),
          table.build(fullBox('stsd', 0, 0, uint32(1), sampleEntry(facts, table))),
        ),
      ),
    ),
    userData(recording, facts.chapters),
  )
}

/** @source ISO 14496-12 §12.2.3 AudioSampleEntry, ISO 14496-14 §5.6 */
function sampleEntry({ config, sampleRateHz, channels }: MovieFacts, table: SampleTable): Uint8Array {
  return box(
    'mp4a',
    uint16(0, 0, 0, 1),
    uint32(0, 0),
    uint16(channels, 16, 0, 0),
    uint16(sampleRateHz < 65536 ? sampleRateHz : 0, 0),
    fullBox('esds', 0, 0, elementaryStream(config, sampleRateHz, table)),
  )
}

/** @source ISO 14496-1 §7.2.6.5 ES_Descriptor, §7.2.6.6 DecoderConfigDescriptor */
function elementaryStream(config: Uint8Array, sampleRateHz: number, table: SampleTable): Uint8Array {
  const seconds = table.samples / sampleRateHz
  const bitsPerSecond = (bytes: number, of: number) => Math.min(0xffffffff, Math.round((8 * bytes) / (of || 1)))
  const largest = table.largestBytes
  const frameSeconds = table.frames > 0 ? seconds / table.frames : 0
  const decoder = descriptor(
    4,
    Uint8Array.of(0x40, 0x15, 0, largest >>> 8, largest & 0xff), // AAC, an audio stream, decoder buffer
    uint32(bitsPerSecond(largest, frameSeconds), bitsPerSecond(table.sizeBytes, seconds)),
    descriptor(5, config),
  )
  return descriptor(3, uint16(0), Uint8Array.of(0), decoder, descriptor(6, Uint8Array.of(2)))
}

function descriptor(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const size = parts.reduce((sum, part) => sum + part.length, 0)
  const head = Uint8Array.of(tag, 0x80, 0x80, 0x80 | (size >>> 7), size & 0x7f)
  return concatBytes([head, ...parts])
}
