import { describe, expect, it } from 'vitest'
import { oggFormat } from '../../../src/formats/ogg/index.js'
import { opusHeaderPages, opusPacket, packetsPage } from './support/pages.js'

const page = packetsPage([opusPacket(1, 3000)], { sequence: 9 })

describe('oggFormat.sniff', () => {
  it('is certain of a page with a right checksum, wherever it starts', () => {
    expect(oggFormat.sniff(opusHeaderPages()[0])).toBe(1)
    expect(oggFormat.sniff(new Uint8Array(Buffer.concat([page.subarray(2000), page])))).toBe(1)
  })

  it('takes the start of a page for likely, and for possible where it is not the first thing', () => {
    expect(oggFormat.sniff(page.subarray(0, 1000))).toBeGreaterThan(0.5)
    const late = oggFormat.sniff(new Uint8Array(Buffer.concat([Buffer.alloc(100), page.subarray(0, 1000)])))
    expect(late).toBeGreaterThan(0)
    expect(late).toBeLessThan(0.5)
  })

  it('takes a page with a wrong checksum, other versions and other bytes for nothing', () => {
    const broken = page.slice()
    broken[500] ^= 1
    expect(oggFormat.sniff(broken)).toBe(0)
    expect(oggFormat.sniff(new Uint8Array(Buffer.from('OggS\x01 something else')))).toBe(0)
    expect(oggFormat.sniff(new Uint8Array(0))).toBe(0)
    expect(oggFormat.sniff(new Uint8Array(Buffer.from('ID3 OOOO Ogg')))).toBe(0)
  })
})
