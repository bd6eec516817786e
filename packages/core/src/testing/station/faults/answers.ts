import { onAir, type StationScript } from '../numbered-station.js'
import type { StreamFault } from './stream-fault.js'

const answer =
  (statusLine: string, headers: Readonly<Record<string, string>> = {}): StationScript =>
  async (listener) => {
    await listener.connection.respond({ 'content-length': '0', ...headers }, `HTTP/1.1 ${statusLine}`)
    await listener.hangUp()
  }
const status = (statusLine: string, headers?: Readonly<Record<string, string>>): StreamFault => ({
  what: `${statusLine}, then the station is back`,
  scripts: [answer(statusLine, headers), onAir],
  onlyAfter: true,
})
const redirects = (count: number, statusLine: string): StreamFault => ({
  what: `${count} redirects (${statusLine}) to the station`,
  scripts: [...Array.from({ length: count }, (_, index) => answer(statusLine, { location: `/hop${index}` })), onAir],
  onlyAfter: true,
})

/** Answers that are no audio. */
export const ANSWERS = {
  'not-found': status('404 Not Found'),
  unauthorized: status('401 Unauthorized', { 'www-authenticate': 'Basic realm="radio"' }),
  forbidden: status('403 Forbidden'),
  'server-error': status('500 Internal Server Error'),
  'retry-after': status('503 Service Unavailable', { 'retry-after': '2' }),
  'redirects-302': redirects(5, '302 Found'),
  'redirects-308': redirects(1, '308 Permanent Redirect'),
  'redirect-loop': {
    what: 'a redirect to itself, then the station is back',
    scripts: [...Array.from({ length: 8 }, () => answer('302 Found', { location: '/' })), onAir],
    onlyAfter: true,
  },
  'redirect-to-file': {
    what: 'a redirect to file:///etc/passwd, then the station is back',
    scripts: [answer('302 Found', { location: 'file:///etc/passwd' }), onAir],
    onlyAfter: true,
  },
  'redirect-to-other-scheme': {
    what: 'a redirect to gopher://, then the station is back',
    scripts: [answer('302 Found', { location: 'gopher://127.0.0.1/' }), onAir],
    onlyAfter: true,
  },
  'redirect-to-nowhere': {
    what: 'a redirect without Location, then the station is back',
    scripts: [answer('302 Found'), onAir],
    onlyAfter: true,
  },
  'no-response': {
    what: 'takes the request and says nothing',
    scripts: [() => undefined, onAir],
    onlyAfter: true,
    mustBeNoticed: true,
  },
  'half-head': {
    what: 'half a head, and silence',
    scripts: [(listener) => listener.connection.write('HTTP/1.1 200 OK\r\ncontent-ty'), onAir],
    onlyAfter: true,
    mustBeNoticed: true,
  },
  'closes-at-once': {
    what: 'FIN instead of an answer',
    scripts: [(listener) => listener.hangUp(), onAir],
    onlyAfter: true,
  },
  'resets-at-once': {
    what: 'RST instead of an answer',
    scripts: [(listener) => listener.reset(), onAir],
    onlyAfter: true,
  },
} satisfies Record<string, StreamFault>
