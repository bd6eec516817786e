import type { OggCodec } from './codec.js'
import { oggFlacCodec } from './flac.js'
import { opusCodec } from './opus.js'
import { vorbisCodec } from './vorbis.js'

/** The codecs that are recorded; the first that recognises a logical stream has it. */
export const OGG_CODECS: readonly OggCodec[] = [vorbisCodec, opusCodec, oggFlacCodec]
