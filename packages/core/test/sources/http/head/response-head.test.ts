import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { headerOf, ResponseHeadParser } from '../../../../src/sources/http/head/response-head.js'
import type { ResponseHead } from '../../../../src/sources/http/head/response-head.js'
import { cutAt, cuts } from '../../cuts.js'

interface Parsed {
  readonly head?: ResponseHead
  readonly rest: string
}

/** Pushes pieces until the head is there; what follows is the rest. */
function parse(pieces: readonly Uint8Array[]): Parsed {
  const parser = new ResponseHeadParser()
  for (const [index, piece] of pieces.entries()) {
    const head = parser.push(piece)
    if (!head) continue
    const rest = Buffer.concat([parser.rest, ...pieces.slice(index + 1)])
    return { head, rest: rest.toString('latin1') }
  }
  return { rest: '' }
}

const text = (head: string) => Buffer.from(head, 'latin1')
const whole = (head: string) => parse([text(head)])

describe('ResponseHeadParser', () => {
  const HEADS = [
    'HTTP/1.1 200 OK\r\nContent-Type: audio/mpeg\r\nicy-name: a: b\r\n\r\nBODY',
    'ICY 200 OK\nicy-metaint:8192\n\n\nBODY',
    '\r\n\r\nHTTP/1.0 404 Not Found\r\n\r\n',
    'HTTP/1.1 100 Continue\r\nX: y\r\n\r\nHTTP/1.1 102 Processing\n\nHTTP/1.1 200\r\nA: 1\r\n b\r\n\tc\r\nA: 2\r\n\r\nBODY',
    'SOURCETABLE 200 OK\r\nServer: caster\r\n\r\nSTR;x',
    'ID3\x04\x00\x00BODY',
    '\xff\xfb\x90\x64BODY',
    'fLaC\x00\x00\x00\x22BODY',
    'HTTP/1.0 200 OK\r\nno header here\r\nX \x01 Y : \x02 v \x00\r\n: nameless\r\n\r\nBODY',
  ]
  it.each(HEADS)('reads %j the same however it is cut', (head) => {
    const expected = whole(head)
    expect(expected.head).toBeDefined()
    fc.assert(
      fc.property(cuts(head.length), (points) => {
        expect(parse(cutAt(text(head), points))).toEqual(expected)
      }),
    )
  })

  it('gives names in lower case, all values in order, and the body untouched', () => {
    const { head, rest } = whole(HEADS[3])
    expect(head).toMatchObject({ protocol: 'HTTP/1.1', status: 200, reason: '' })
    expect([...head!.headers]).toEqual([['a', ['1 b c', '2']]])
    expect(rest).toBe('BODY')
  })

  it('cleans names and values, and passes over what is no header', () => {
    expect([...whole(HEADS[8]).head!.headers]).toEqual([['x-y', ['v']]])
    expect(headerOf(whole(HEADS[0]).head!, 'icy-name')).toBe('a: b')
    expect(headerOf(whole('HTTP/1.0 200 OK\r\nX:\r\n\r\n').head!, 'x')).toBeUndefined()
  })

  it('keeps names that objects know apart', () => {
    const { head } = whole('HTTP/1.0 200 OK\r\n__proto__: 1\r\nconstructor: 2\r\n\r\n')
    expect([...head!.headers]).toEqual([
      ['__proto__', ['1']],
      ['constructor', ['2']],
    ])
  })

  it.each(['ID3\x04', 'OggS\x00', 'fLaC\x00', 'RIFF\x24\x08', '\xff\xf1', 'I\xff'])(
    'takes %j for HTTP/0.9',
    (begin) => {
      const parsed = whole(begin)
      expect(parsed).toMatchObject({ head: { protocol: 'HTTP/0.9', status: 200 }, rest: begin })
    },
  )

  it.each([
    '<html>\n',
    'SSH-2.0-x\r\n',
    'HTTP/1.1 abc OK\r\n\r\n',
    'HTTP/1.1\r\n\r\n',
    'HTTPS 200\r\n\r\n',
    'just a very long line of text that never comes to its end, or to anything',
  ])('refuses %j', (head) => {
    expect(() => whole(head)).toThrow(expect.objectContaining({ code: 'ISR_SOURCE_PROTOCOL' }))
  })

  it('takes 256 KB and no more, over interim answers too', () => {
    const big = (length: number) => `HTTP/1.0 200 OK\r\nX: ${'x'.repeat(length)}\r\n\r\n`
    expect(headerOf(whole(big(262_000)).head!, 'x')!.length).toBe(262_000)
    expect(() => whole(big(262_200))).toThrow('256 KB')
    expect(() => whole('HTTP/1.1 100 Continue\r\n\r\n'.repeat(11_000))).toThrow('256 KB')
    expect(() => parse(cutAt(text(big(300_000)), [100_000, 200_000, 290_000]))).toThrow('256 KB')
  })

  it('reads 3,000 headers that come byte by byte in reasonable time', () => {
    const head = text(`HTTP/1.0 200 OK\r\n${'X-Many: a value of some length\r\n'.repeat(3000)}\r\n`)
    const parser = new ResponseHeadParser()
    let found: ResponseHead | undefined
    for (let at = 0; at < head.length; at++) found ??= parser.push(head.subarray(at, at + 1))
    expect(found!.headers.get('x-many')!.length).toBe(3000)
  })

  it('never throws anything but ISR_SOURCE_PROTOCOL', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 300 }),
        fc.constantFrom('', 'HTTP/1.0 200 OK\r\n', 'ICY '),
        (bytes, begin) => {
          try {
            parse([text(begin), bytes])
          } catch (error) {
            expect(error).toMatchObject({ code: 'ISR_SOURCE_PROTOCOL' })
          }
        },
      ),
    )
  })
})
