import type { Listener } from '../listener.js'
import type { StationScript } from '../numbered-station.js'
import { chunked, gzipped, withTitles } from './codings.js'
import type { StreamFault } from './stream-fault.js'

const plays = (what: string, begin: (listener: Listener) => unknown): StreamFault => {
  const script: StationScript = async (listener) => {
    await begin(listener)
    await listener.play()
  }
  return { what, scripts: [script] }
}
const sends = (what: string, head: string) => plays(what, (listener) => listener.connection.write(head))
const titles = (what: string, every: number, list: readonly (string | undefined)[]) =>
  plays(what, async (listener) => {
    // asked for by whoever knows them
    const wanted = listener.connection.request.headers['icy-metadata'] === '1'
    if (wanted) listener.coding = withTitles(every, list)
    await listener.greet(wanted ? { 'icy-metaint': String(every) } : {})
  })

const HEADER_COUNT = 3000
const HEADER_BYTES = 200_000

/** Odd heads and bodies, behind which there is a good stream all the same. */
export const HEADS = {
  'icy-200': sends('ICY 200 OK', 'ICY 200 OK\r\nicy-name: old\r\ncontent-type: audio/mpeg\r\n\r\n'),
  'http-0.9': plays('HTTP/0.9: audio without any head', () => undefined),
  'http-1.0': sends('HTTP/1.0', 'HTTP/1.0 200 OK\r\ncontent-type: audio/mpeg\r\n\r\n'),
  '100-continue': sends(
    '100 Continue before the answer',
    'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\ncontent-type: audio/mpeg\r\n\r\n',
  ),
  'lf-only': sends('lines that end in LF alone', 'HTTP/1.1 200 OK\ncontent-type: audio/mpeg\n\n'),
  '3000-headers': sends(
    `${HEADER_COUNT} headers`,
    `HTTP/1.1 200 OK\r\n${Array.from({ length: HEADER_COUNT }, (_, index) => `x-${index}: 1\r\n`).join('')}\r\n`,
  ),
  '200-kb-head': sends(
    'a header of 200 KB',
    `HTTP/1.1 200 OK\r\nx-long: ${'y'.repeat(HEADER_BYTES)}\r\ncontent-type: audio/mpeg\r\n\r\n`,
  ),
  'slow-head': plays('a head that comes slowly', async (listener) => {
    for (const part of ['HTTP/1.1 2', '00 OK\r\ncont', 'ent-type: audio/mpeg\r', '\n\r', '\n']) {
      await listener.connection.write(part)
      await listener.stall(0.2)
    }
  }),
  'no-type': sends('no Content-Type', 'HTTP/1.1 200 OK\r\n\r\n'),
  'wrong-type': sends('Content-Type: text/html', 'HTTP/1.1 200 OK\r\ncontent-type: text/html\r\n\r\n'),
  'octet-stream': sends(
    'Content-Type: application/octet-stream',
    'HTTP/1.1 200 OK\r\ncontent-type: application/octet-stream\r\n\r\n',
  ),
  chunked: plays('a chunked body', async (listener) => {
    listener.coding = chunked()
    await listener.greet({ 'transfer-encoding': 'chunked' }, 'HTTP/1.1 200 OK')
  }),
  gzip: plays('a gzip body that nobody asked for', async (listener) => {
    listener.coding = gzipped()
    await listener.greet({ 'content-encoding': 'gzip' }, 'HTTP/1.1 200 OK')
  }),
  'gzip-lie': plays('a body that is called gzip and is none', (listener) =>
    listener.greet({ 'content-encoding': 'gzip' }, 'HTTP/1.1 200 OK'),
  ),
  titles: titles('titles every 8,000 bytes', 8000, ['Artist - Song', undefined, 'Another']),
  'titles-dense': titles('titles every 200 bytes', 200, ['One', 'Two', 'Three', undefined]),
  'titles-huge': titles('title blocks of 4,080 bytes', 4000, ['x'.repeat(5000), 'y'.repeat(5000)]),
  'titles-hostile': titles('hostile titles', 4000, [
    '../../../../etc/passwd',
    "a\r\nSet-Cookie: x\r\n\r\n'; DROP TABLE recordings; --",
    '<script>alert(1)</script>',
    '\u0000\u0001\u202e\ud83d\ude00',
  ]),
  'metaint-lie': plays('icy-metaint is announced, and no titles come', (listener) =>
    listener.greet({ 'icy-metaint': '1000000000' }),
  ),
  'metaint-nonsense': plays('icy-metaint is no number', (listener) => listener.greet({ 'icy-metaint': 'often' })),
} satisfies Record<string, StreamFault>
