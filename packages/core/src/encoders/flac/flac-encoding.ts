import { IsrError } from '../../errors.js'
import type { PcmEncoding } from '../encoder.js'
import { FlacEncoder } from './flac-encoder.js'
import { flacRefusal } from './limits.js'
import { loadLibFlac } from './load-libflac.js'

/** Settings of {@link flacEncoding}. */
export interface FlacEncodingOptions {
  /** 0 (quickest) to 8 (smallest). @defaultValue 5 */
  readonly level?: number
}

const HIGHEST_LEVEL = 8
const DEFAULT_LEVEL = 5
/** Below this level the blocks are short, as those of `flac` are: they use fixed predictors only. */
const FIRST_LEVEL_OF_LONG_BLOCKS = 3
const LONG_BLOCK = 4096
const SHORT_BLOCK = 1152
/** A crash loses one block, whatever the rate. */
const MAX_BLOCK_SECONDS = 0.25

/** FLAC by libFLAC, 16 and 24 bits. @throws {@link IsrError} `ISR_ARGUMENT_INVALID` */
export function flacEncoding(options: FlacEncodingOptions = {}): PcmEncoding {
  const { level = DEFAULT_LEVEL } = options
  if (!Number.isInteger(level) || level < 0 || level > HIGHEST_LEVEL) {
    throw new IsrError('ISR_ARGUMENT_INVALID', `flacLevel: ${level} is no whole number from 0 to ${HIGHEST_LEVEL}`)
  }
  return {
    name: 'libFLAC 1.3.4',
    blockSizeAt(sampleRateHz) {
      let blockSize = level < FIRST_LEVEL_OF_LONG_BLOCKS ? SHORT_BLOCK : LONG_BLOCK
      while (blockSize > sampleRateHz * MAX_BLOCK_SECONDS) blockSize /= 2
      return blockSize
    },
    refusal: flacRefusal,
    open: (setup) => new FlacEncoder(loadLibFlac(), setup, level),
  }
}
