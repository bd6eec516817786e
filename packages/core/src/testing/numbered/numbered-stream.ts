/** The formats that a {@link NumberedStream} comes in. */
export type NumberedFormat = 'mp3' | 'aac' | 'opus' | 'vorbis' | 'ogg-flac' | 'flac' | 'wav'

/** What of a frame is the same in every file it stands in. */
export interface StablePart {
  /** The bytes. */
  readonly bytes: Uint8Array
  /** Where in them the mark begins. */
  readonly markAt: number
}

/**
 * An endless stream of valid frames, each of which carries its own number: what was recorded tells by itself what is lost, doubled or
 * damaged. Every frame follows from its number alone; nothing is remembered, no program is called, and it sounds like silence (noise in
 * FLAC and WAV).
 */
export abstract class NumberedStream {
  /** Number of the station, in every frame beside the frame's own: streams that are compared together have different ones. */
  readonly station: number
  /** Declared media type. */
  abstract readonly contentType: string
  /** Which format it is. */
  abstract readonly format: NumberedFormat
  /** Rate in Hz. */
  abstract readonly sampleRateHz: number
  /** Samples per channel in a frame. */
  abstract readonly samplesPerFrame: number
  /** Frames in a unit: what travels as a whole, an Ogg page or a single frame. */
  abstract readonly framesPerUnit: number

  /** @param station - its number, 0 to 2^21 - 1 */
  constructor(station = 0) {
    this.station = station
  }

  /** What every listener gets first: codec headers, or nothing. */
  abstract head(): Uint8Array
  /** The frame with this number: an MPEG, ADTS or FLAC frame, an Ogg packet, a block of PCM. */
  abstract frame(number: number): Uint8Array
  /** The frame as any file holds it, but for what a recorder may write anew (the number and checksums of FLAC frames). */
  abstract stablePart(number: number): StablePart

  /** Unit `index` as it travels; it holds the frames from `index * framesPerUnit` on. */
  unit(index: number): Uint8Array {
    return this.frame(index)
  }

  /** Length of a frame in seconds. */
  get frameSeconds(): number {
    return this.samplesPerFrame / this.sampleRateHz
  }

  /** Length of a unit in seconds. */
  get unitSeconds(): number {
    return this.frameSeconds * this.framesPerUnit
  }

  /** Number of the frame that sounds `seconds` after the start of frame 0. */
  frameAt(seconds: number): number {
    return Math.floor((seconds * this.sampleRateHz) / this.samplesPerFrame + 1e-9)
  }
}
