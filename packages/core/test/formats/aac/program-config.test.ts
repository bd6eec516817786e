import { describe, expect, it } from 'vitest'
import { programConfigChannels } from '../../../src/formats/aac/program-config.js'

/** Bits as bytes, the last filled with zeros. */
function packed(bits: string): Uint8Array {
  const clean = bits.replaceAll(' ', '')
  return Uint8Array.from({ length: Math.ceil(clean.length / 8) }, (_, index) =>
    Number.parseInt(clean.slice(8 * index, 8 * index + 8).padEnd(8, '0'), 2),
  )
}

describe('programConfigChannels', () => {
  // id, tag, type, rate, front, side, back, lfe, data, cc
  const head = (front: string, side: string, back: string, lfe: string) =>
    `101 0000 01 0100 ${front} ${side} ${back} ${lfe} 000 0000`
  const single = '0 0000'
  const pair = '1 0000'

  it('adds up the elements', () => {
    const surround = packed(`${head('0010', '0001', '0001', '01')} 0 0 0 ${single} ${pair} ${pair} ${pair} 0000`)
    expect(programConfigChannels(surround, 0, surround.length)).toBe(8)
    const mono = packed(`${head('0001', '0000', '0000', '00')} 0 0 0 ${single}`)
    expect(programConfigChannels(mono, 0, mono.length)).toBe(1)
  })

  it('skips mixdowns', () => {
    const mixed = packed(`${head('0001', '0000', '0001', '00')} 1 1111 1 1111 1 111 ${pair} ${single}`)
    expect(programConfigChannels(mixed, 0, mixed.length)).toBe(3)
  })

  it('says nothing of other elements and of torn ones', () => {
    const torn = packed(head('1111', '1111', '1111', '11'))
    expect(programConfigChannels(torn, 0, torn.length)).toBe(0)
    expect(programConfigChannels(packed('001 0000'), 0, 1)).toBe(0)
  })
})
