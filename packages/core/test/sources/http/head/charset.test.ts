import { execFileSync } from 'node:child_process'

import { describe, expect, it } from 'vitest'

import { decodeHeaderValue, decodeText } from '../../../../src/sources/http/head/charset.js'
import { describeWithTools } from '../../../../../../tests/e2e/rig/require-tool.js'

describe('decodeText', () => {
  it('reads UTF-8 as UTF-8 and all else as Windows-1252', () => {
    expect(decodeText(Buffer.from('Grüße ☕'))).toBe('Grüße ☕')
    expect(decodeText(Uint8Array.of(0x47, 0x72, 0xfc, 0xdf, 0x65))).toBe('Grüße')
    expect(decodeText(Uint8Array.of(0x93, 0x80, 0x92, 0x94, 0x81))).toBe('“€’”\u0081')
    expect(decodeHeaderValue('Caf\xc3\xa9')).toBe('Café')
    expect(decodeHeaderValue('Caf\xe9')).toBe('Café')
  })
})

describeWithTools(['python3'], 'decodeText against python3', () => {
  it('maps every byte as Python does (the TextDecoder of Node 20 takes windows-1252 for latin1)', () => {
    const script = 'print([ord(bytes([b]).decode("cp1252", "ignore") or chr(b)) for b in range(256)])'
    const expected = JSON.parse(execFileSync('python3', ['-c', script], { encoding: 'utf8' })) as number[]
    const all = Uint8Array.from({ length: 256 }, (_, byte) => byte)
    expect([...decodeText(all)].map((character) => character.codePointAt(0))).toEqual(expected)
  })
})
