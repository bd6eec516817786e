import { expect, it } from 'vitest'
import { sampleFormat } from '../../../src/config/values/sample-format.js'

it('takes our words and those of ALSA, in any case', () => {
  const values = ['S16', 's24', 'S32', 'float', 'S24_3LE', 's24_le', 'FLOAT_LE', 'f32', 'S16_LE'].map((text) =>
    sampleFormat(text),
  )
  expect(values).toEqual(['s16', 's24', 's32', 'f32', 's24', 's24', 'f32', 'f32', 's16'].map((value) => ({ value })))
  expect(sampleFormat('U8')).toMatchObject({ fault: '"U8" is none of S16, S24, S32, FLOAT' })
})
