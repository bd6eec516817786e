import type { SampleFormat } from '../../model.js'
import { choice, type Parser } from './parsers.js'

/** What ALSA calls them. */
const ALIASES = {
  s16_le: 'S16',
  s24_le: 'S24',
  s24_3le: 'S24',
  s32_le: 'S32',
  float_le: 'FLOAT',
  f32: 'FLOAT',
} as const
const MEANINGS = { S16: 's16', S24: 's24', S32: 's32', FLOAT: 'f32' } as const
const word = choice(Object.keys(MEANINGS) as (keyof typeof MEANINGS)[], ALIASES)

/** Layout of a sample: S16, S24, S32, FLOAT, or as ALSA calls them. */
export const sampleFormat: Parser<SampleFormat> = (text) => {
  const parsed = word(text)
  return 'fault' in parsed ? parsed : { value: MEANINGS[parsed.value] }
}
