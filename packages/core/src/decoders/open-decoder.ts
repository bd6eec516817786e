import { IsrError } from '../errors.js'
import type { Codec } from '../model.js'
import type { OpenDecoder } from './decoder.js'
import { openMp3 } from './mp3.js'
import { openOpus } from './opus.js'
import { openVorbis } from './vorbis.js'

const KINDS: Partial<Readonly<Record<Codec, OpenDecoder>>> = { mp3: openMp3, opus: openOpus, vorbis: openVorbis }

/** Opens the decoder of a codec; its package is loaded only now. AAC has none. */
export const openWasmDecoder: OpenDecoder = async (setup) => {
  const open = KINDS[setup.codec]
  if (open) return open(setup)
  throw new IsrError(
    'ISR_DECODER_MISSING',
    `there is no decoder for ${setup.codec.toUpperCase()}; cut or export it instead`,
  )
}
