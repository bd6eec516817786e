import { NumberedFlac } from './flac-frames.js'
import type { NumberedFormat, NumberedStream } from './numbered-stream.js'
import { NumberedOggFlac, NumberedOpus, NumberedVorbis } from './ogg-streams.js'
import { NumberedAac, NumberedMp3, NumberedWav } from './plain-streams.js'

const STREAMS: Readonly<Record<NumberedFormat, new (station: number) => NumberedStream>> = {
  mp3: NumberedMp3,
  aac: NumberedAac,
  opus: NumberedOpus,
  vorbis: NumberedVorbis,
  'ogg-flac': NumberedOggFlac,
  flac: NumberedFlac,
  wav: NumberedWav,
}

/** Every format that numbered streams come in. */
export const NUMBERED_FORMATS = Object.keys(STREAMS) as readonly NumberedFormat[]

/**
 * A numbered stream of this format.
 * @param station - its number; streams that are compared together have different ones
 */
export function numberedStream(format: NumberedFormat, station = 0): NumberedStream {
  return new STREAMS[format](station)
}
