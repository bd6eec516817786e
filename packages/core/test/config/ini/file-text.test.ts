import { describe, expect, it } from 'vitest'
import { decodeFileText } from '../../../src/config/ini/file-text.js'

const bytes = (...parts: (string | number[])[]) => Buffer.concat(parts.map((part) => Buffer.from(part as string)))

describe('decodeFileText', () => {
  it('decodes UTF-8 and keeps a byte order mark for the reader', () => {
    expect(decodeFileText(bytes('[ö]\n'))).toEqual({ text: '[ö]\n' })
    expect(decodeFileText(bytes([0xef, 0xbb, 0xbf], '[a]'))).toEqual({ text: '\uFEFF[a]' })
    expect(decodeFileText(new Uint8Array())).toEqual({ text: '' })
  })

  it('names the line of the first byte that is not UTF-8', () => {
    const latin1 = bytes('[a]\r\nx = 1\ry = gr', [0xfc], 'n\nz = ', [0xff], '\n')
    expect(decodeFileText(latin1)).toEqual({ fault: expect.stringContaining('not UTF-8'), line: 3 })
    expect(decodeFileText(bytes('[a]\nx = ', [0xc3]))).toMatchObject({ line: 2 })
  })

  it('names UTF-16', () => {
    expect(decodeFileText(bytes([0xff, 0xfe], '[\0'))).toEqual({ fault: expect.stringContaining('UTF-16') })
    expect(decodeFileText(bytes([0xfe, 0xff], '\0['))).toEqual({ fault: expect.stringContaining('UTF-16') })
  })
})
