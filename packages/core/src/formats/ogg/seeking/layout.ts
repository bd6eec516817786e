import type { FileLayout, SeekPoint } from '../../file-layout.js'
import type { OggHeader } from '../header.js'

/** Where the audio of the first link of an Ogg file is. */
export interface OggLayout extends FileLayout {
  readonly header: OggHeader
  /** Serial number of the audio. */
  readonly serial: number
  /** Where the first page of the link stands. */
  readonly linkStartByte: number
  /** Serial numbers of all that the link multiplexes. */
  readonly linkSerials: ReadonlySet<number>
  /** Granule position of the first decoded sample. */
  readonly originGranule: number
}

/** A page from which the audio can be read on. */
export interface OggPlace extends SeekPoint {
  /** Granule position of the first packet that begins there. */
  readonly granule: number
  /** The packet before that one: a Vorbis packet counts from its middle. */
  readonly priming: Uint8Array
}

/** Samples before a granule position: hidden ones count below zero when they are declared pre-roll, else not at all. */
export function sampleAt({ prerollFrames, ...layout }: OggLayout, granule: number): number {
  const sample = granule - layout.originGranule - layout.hiddenSamples
  return prerollFrames > 0 ? sample : Math.max(0, sample)
}

/** Where the first frame stands; with the headers before it, so that it needs no further knowledge. */
export function startPoint(layout: OggLayout): SeekPoint {
  return { byte: layout.linkStartByte, sample: sampleAt(layout, layout.originGranule), frame: 0 }
}
