import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { ChunkedFraming } from '../../../../src/sources/http/body/chunked.js'
import { codingOf, framingOf } from '../../../../src/sources/http/body/framing.js'
import type { BodyFraming } from '../../../../src/sources/http/body/body-framing.js'
import { ResponseHeadParser } from '../../../../src/sources/http/head/response-head.js'
import { cutAt, cuts } from '../../cuts.js'

function headOf(headers: string) {
  return new ResponseHeadParser().push(Buffer.from(`HTTP/1.1 200 OK\r\n${headers}\r\n\r\n`))!
}

function run(framing: BodyFraming, pieces: readonly Uint8Array[]) {
  const body = Buffer.concat(pieces.map((piece) => framing.push(piece))).toString('latin1')
  return { body, state: framing.state, mayEnd: framing.mayEnd }
}

const bytes = (text: string) => Buffer.from(text, 'latin1')

describe('ChunkedFraming', () => {
  it('gives the body of any chunking, however the wire cuts it', () => {
    const chunk = fc.tuple(
      fc.uint8Array({ minLength: 1, maxLength: 40 }),
      fc.constantFrom('', ';a=b', ' ', ';x="\xff"'),
      fc.constantFrom('\r\n', '\n'),
    )
    const wire = fc.array(chunk, { maxLength: 6 }).map((parts) => ({
      body: Buffer.concat(parts.map(([data]) => data)).toString('latin1'),
      wire: Buffer.concat([
        ...parts.flatMap(([data, extension, end]) => [
          bytes(`${data.length.toString(16).padStart(3, '0')}${extension}${end}`),
          data,
          bytes(end),
        ]),
        bytes('0\r\nTrailer: x\r\n\r\n'),
      ]),
    }))
    // The first line decides whether the body is chunked at all: it must be text.
    const honest = wire.filter(({ wire }) => !/^[^\n]*\xff[^\n]*\n/.test(wire.toString('latin1')))
    fc.assert(
      fc.property(
        honest.chain((sample) => cuts(sample.wire.length).map((points) => ({ ...sample, points }))),
        (sample) => {
          const result = run(new ChunkedFraming(), cutAt(sample.wire, sample.points))
          expect(result).toEqual({ body: sample.body, state: 'complete', mayEnd: true })
        },
      ),
    )
  })

  it.each([
    ['3\r\nabc\r\n5\r\nde', 'abcde', 'open'],
    ['3\r\nabc\r\n', 'abc', 'open'],
    ['3\r\nabcX\r\n', 'abc', 'broken'],
    ['3\r\nabc\r\rX', 'abc', 'broken'],
    ['3\r\nabc\r\n\r\n', 'abc', 'broken'],
    ['3\r\nabc\r\n-1\r\nx', 'abc', 'broken'],
    ['3\r\nabc\r\n0x5\r\nx', 'abc', 'broken'],
    ['3\r\nabc\r\nfffffffffffffff\r\nx', 'abc', 'broken'],
    [`3\r\nabc\r\n1;${'x'.repeat(5000)}\r\nx`, 'abc', 'broken'],
  ])('of %j gives %j and is %s', (wire, body, state) => {
    fc.assert(
      fc.property(cuts(wire.length), (points) => {
        expect(run(new ChunkedFraming(), cutAt(bytes(wire), points))).toEqual({ body, state, mayEnd: false })
      }),
      { numRuns: 20 },
    )
  })

  it.each(['OggS\0rest of it', 'fLaC\0\0', 'ID3\x03\n\n', '\xff\xfb\x90', '12ab\0'])(
    'takes %j for a body that is not chunked',
    (body) => {
      fc.assert(
        fc.property(cuts(body.length), (points) => {
          expect(run(new ChunkedFraming(), cutAt(bytes(body), points))).toEqual({ body, state: 'open', mayEnd: true })
        }),
      )
    },
  )
})

describe('framingOf', () => {
  it.each([
    ['X: y', { body: 'abcdef', state: 'open', mayEnd: true }],
    ['Content-Length: 4', { body: 'abcd', state: 'complete', mayEnd: true }],
    ['Content-Length: 4\r\nContent-Length: 4', { body: 'abcd', state: 'complete', mayEnd: true }],
    ['Content-Length: 4, 4', { body: 'abcd', state: 'complete', mayEnd: true }],
    ['Content-Length: 9', { body: 'abcdef', state: 'open', mayEnd: false }],
    ['Content-Length: 4, 5', { body: 'abcdef', state: 'open', mayEnd: true }],
    ['Content-Length: +4', { body: 'abcdef', state: 'open', mayEnd: true }],
    ['Content-Length: 0', { body: 'abcdef', state: 'open', mayEnd: true }],
    ['Content-Length: 99999999999999999999', { body: 'abcdef', state: 'open', mayEnd: true }],
    ['Transfer-Encoding: identity\r\nContent-Length: 4', { body: 'abcd', state: 'complete', mayEnd: true }],
  ])('of %j', (headers, expected) => {
    fc.assert(
      fc.property(cuts(6), (points) => {
        expect(run(framingOf(headOf(headers)), cutAt(bytes('abcdef'), points))).toEqual(expected)
      }),
    )
  })

  it('believes chunked before all else', () => {
    const framing = framingOf(headOf('Content-Length: 4\r\nTransfer-Encoding: gzip, Chunked'))
    expect(run(framing, [bytes('2\r\nab\r\n0\r\n\r\n')])).toEqual({ body: 'ab', state: 'complete', mayEnd: true })
  })
})

describe('codingOf', () => {
  it.each([
    ['Content-Encoding: gzip', 'gzip'],
    ['Content-Encoding: X-GZIP', 'gzip'],
    ['Transfer-Encoding: deflate, chunked', 'deflate'],
    ['Content-Encoding: identity, br', undefined],
    ['X: gzip', undefined],
  ])('of %j is %j', (headers, coding) => {
    expect(codingOf(headOf(headers))).toBe(coding)
  })
})
