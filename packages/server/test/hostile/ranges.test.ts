import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { attack, startRoom, WAV, type Attack, type Room } from './support/room.js'

const HUGE = '9'.repeat(400)
/** What RFC 9110 lets a server ignore, and what it must refuse: the whole file, a part, or 416. */
const ABSURD = [
  'bytes=',
  'bytes=-',
  'bytes=--1',
  'bytes=-0',
  'bytes=0',
  'bytes=a-b',
  'bytes=0-b',
  'bytes=1-0',
  'bytes=5-4,0-1',
  'bytes=-1-',
  'bytes=1--1',
  'bytes=0-0x10',
  'bytes=0x0-0x10',
  'bytes=1e3-2e3',
  'bytes=0.5-1.5',
  'bytes= 0 - 1 ',
  'bytes=+0-+1',
  'bytes=NaN-Infinity',
  'bytes=Infinity-',
  'bytes=-Infinity',
  `bytes=${HUGE}-`,
  `bytes=-${HUGE}`,
  `bytes=0-${HUGE}`,
  `bytes=${HUGE}-${HUGE}`,
  'bytes=9007199254740993-',
  'bytes=0-9007199254740993',
  'bytes=18446744073709551616-',
  'bytes=-18446744073709551616',
  'bytes=4294967296-4294967297',
  'bytes=2147483648-',
  `bytes=${WAV.length}-`,
  `bytes=${WAV.length - 1}-`,
  `bytes=${WAV.length}-${WAV.length}`,
  'bytes=99999999-',
  'bytes=,',
  'bytes=,,,,,0-1',
  `bytes=${',-,'.repeat(100)}`,
  `bytes=${Array.from({ length: 200 }, (_, at) => `${at}-${at}`).join(',')}`,
  `bytes=${Array.from({ length: 31 }, (_, at) => `${at * 200}-${at * 200}`).join(',')}`,
  `bytes=${'0-,'.repeat(300)}`,
  `bytes=${'0-,'.repeat(30)}0-`,
  `bytes=${'-1,'.repeat(30)}-1`,
  'bytes=0-1,99999999-',
  'bytes=99999999-,99999999-',
  'bytes=0-1;2-3',
  'bytes 0-1',
  'BYTES=0-1',
  'octets=0-1',
  'seconds=0-1',
  '=0-1',
  '0-1',
  'bytes',
  'bytes=bytes=0-1',
  'bytes=0-1\t',
  'bytes=\u00b2-\u00b3',
  'bytes=0\u20131'.replace('\u2013', '\u00ad'),
  'none',
  '*',
  'bytes=*',
  'bytes */100',
  '__proto__=0-1',
]

describe('absurd ranges', () => {
  let room: Room
  beforeAll(async () => {
    room = await startRoom()
  })
  afterAll(() => room.close())
  const path = '/stream/garden/20260601_120000.wav'

  it('are ignored, refused or answered by exactly what they say', async () => {
    const attacks = ABSURD.flatMap((range): Attack[] => [
      { path, headers: { range }, allowed: [200, 206, 416] },
      { path, headers: { range, 'if-range': '"not this one"' }, allowed: [200] },
      { path: '/stream/empty.wav', headers: { range }, allowed: [200, 416] },
      { path: '/stream/none.wav', headers: { range }, allowed: [404] },
      { path: '/api/files', headers: { range }, allowed: [200] },
      { path, method: 'HEAD', headers: { range }, allowed: [200, 206, 416] },
    ])
    expect(await attack(room, attacks)).toEqual([])
  })

  it('give bodies of the length that is announced, and bytes of the place that is announced', async () => {
    for (const range of ABSURD) {
      const { status, headers, bytes } = await room.ask(path, { range })
      expect([range, bytes.length]).toEqual([range, Number(headers['content-length'] ?? bytes.length)])
      if (status === 200) expect(bytes.equals(WAV), range).toBe(true)
      if (status === 416) expect(headers['content-range']).toBe(`bytes */${WAV.length}`)
      if (status !== 206 || headers['content-type']?.startsWith('multipart')) continue
      const [, from, to] = /^bytes (\d+)-(\d+)\/\d+$/.exec(headers['content-range'] ?? '') ?? []
      expect(bytes.equals(WAV.subarray(Number(from), Number(to) + 1)), range).toBe(true)
    }
  })

  it('cost no more than the file, however many parts are asked for', async () => {
    const range = `bytes=${Array.from({ length: 32 }, () => '0-').join(',')}`
    const { bytes } = await room.ask(path, { range })
    expect(bytes.length).toBeLessThanOrEqual(WAV.length)
  })

  it('go with hostile conditions', async () => {
    const conditions = [
      '*',
      '""',
      '"',
      'W/"x"',
      '"x","y"',
      ','.repeat(3000),
      `"${'x'.repeat(6000)}"`,
      'Thu, 99 Xxx 99999',
      '-1',
      '0',
    ]
    const names = ['if-none-match', 'if-modified-since', 'if-range', 'if-match', 'if-unmodified-since']
    const attacks = names.flatMap((name) =>
      conditions.map((value): Attack => ({ path, headers: { [name]: value }, allowed: [200, 206, 304] })),
    )
    expect(await attack(room, attacks)).toEqual([])
  })
})
