import { HOSTILE_NAMES } from './names.js'
import type { Attack } from './room.js'

/** The one recording that all is asked about. */
const FILE = 'garden%2f20260601_120000.wav'
const JSON_TYPE = { 'content-type': 'application/json' }

const NUMBERS = [
  ...['', ' ', 'x', 'NaN', 'Infinity', '-Infinity', '-1', '1e999', '1,5', 'null', 'true', '[]', '{}', '0x1z', '1;2'],
  ...["1' OR 1=1", '$(id)', '9'.repeat(500), '%00', '%ff', '\u0661'],
].map((value) => (value.startsWith('%') ? value : encodeURIComponent(value)))
const WHOLE = ['1.5', '0', '1e10', '-0.5']
const MOMENTS = [
  ...['', 'x', 'now', '5', '1e12', '2026-13-01', '2026-02-30', '2026-01-01T25:00', '99999-01-01', '+275761-01-01'],
  ...['-000001-01-01', '2026-01-01T00:00:00+99:00', '2026-01-01 00:00', 'x'.repeat(5000), '%00'],
].map((value) => (value.startsWith('%') ? value : encodeURIComponent(value)))
/** Names of recordings that are none, and of such that cannot be read. */
const NO_FILES = [
  ...[
    '..%2f..%2fetc%2fpasswd',
    '%2fetc%2fpasswd',
    '.hidden.wav',
    '.isr%2fsecret.wav',
    '.isr%2fledger.jsonl',
    'link.wav',
  ],
  ...[
    'passwd.wav',
    'loop.wav',
    'dangling.wav',
    'folder-link%2f20260601_120000.wav',
    'config.ini',
    'garden',
    'garden%2f',
  ],
  ...['__proto__', 'constructor', 'toString', 'analyses%2fnotes.json', '..', '.', '%2e%2e%2fsecret.wav', 'x%00.wav'],
  ...['garden%2f..%2fgarden%2f20260601_120000.wav', 'GARDEN%2F20260601_120000.WAV', 'garden%5c20260601_120000.wav'],
]
/** Beside a question that is right: nothing may come of them. */
const STRANGE = [
  ...[
    '__proto__=1',
    '__proto__[polluted]=1',
    'constructor[prototype][polluted]=1',
    'toString=1',
    '=',
    '&&&&',
    '%',
    '%ff=%ff',
  ],
  ...[
    'a[b][c][d]=1',
    'x=1&'.repeat(1500),
    `${'a'.repeat(6000)}=1`,
    'callback=alert',
    '_method=DELETE',
    '%3Cscript%3E=1',
  ],
]
const get = (path: string, ...allowed: number[]): Attack => ({ path, allowed })

/** Questions for waveforms. */
export function peaksAttacks(): readonly Attack[] {
  const ask = `/api/peaks?file=${FILE}`
  return [
    ...NUMBERS.flatMap((value) => [
      get(`${ask}&from=${value}`, 400),
      get(`${ask}&to=${value}`, 400),
      get(`${ask}&points=${value}`, 400),
    ]),
    ...[...WHOLE, '4001', '1e9'].map((value) => get(`${ask}&points=${value}`, 400)),
    ...NO_FILES.map((name) => get(`/api/peaks?file=${name}`, 400, 404)),
    ...['', 'file=', `file=${FILE}&file=x`, `file[]=${FILE}`, `file[a]=${FILE}`, `file=${'x'.repeat(2001)}`].map(
      (query) => get(`/api/peaks?${query}`, 400),
    ),
    ...['from=1&to=1', 'from=2&to=1', 'from=1&from=2', 'points=1&points=2', 'channels=2', 'channels=yes'].map((query) =>
      get(`${ask}&${query}`, 400),
    ),
    // what cannot be heard has no waveform; beyond the end there is nothing
    ...['from=999999999&to=1000000000', 'from=1.99&to=1e9&points=4000', 'from=0&to=0.0000001&points=4000'].map(
      (query) => get(`${ask}&${query}`, 200, 400),
    ),
    ...['lies.wav', 'empty.wav'].flatMap((name) => [
      get(`/api/peaks?file=${name}`, 400, 415, 422),
      get(`/api/peaks?file=${name}&from=0&to=1e9`, 200, 400, 415, 422, 429),
    ]),
    ...STRANGE.map((query) => get(`${ask}&points=10&${query}`, 200, 429)),
    ...HOSTILE_NAMES.slice(0, 12).map((name) =>
      get(`/api/peaks?file=${encodeURIComponent(`names/${name}`)}`, 200, 429),
    ),
  ]
}

/** Questions for spectrograms. */
export function spectrogramAttacks(): readonly Attack[] {
  const ask = `/api/spectrogram?file=${FILE}`
  const fields = ['from', 'to', 'width', 'height', 'min_hz', 'max_hz']
  return [
    ...NUMBERS.flatMap((value) => fields.map((field) => get(`${ask}&${field}=${value}`, 400))),
    ...[...WHOLE, '2001', '1e9'].flatMap((value) => [
      get(`${ask}&width=${value}`, 400),
      get(`${ask}&height=${value}`, 400),
    ]),
    ...NO_FILES.map((name) => get(`/api/spectrogram?file=${name}`, 400, 404)),
    ...['', 'file=', `file=${FILE}&file=x`, `file[]=${FILE}`, `file[a]=${FILE}`, `file=${'x'.repeat(2001)}`].map(
      (query) => get(`/api/spectrogram?${query}`, 400),
    ),
    ...['from=1&to=1', 'from=2&to=1', 'min_hz=100&max_hz=100', 'min_hz=1000000', 'width=1&width=2'].map((query) =>
      get(`${ask}&${query}`, 400),
    ),
    ...['from=999999999&to=1000000000', 'from=0&to=1e9&width=2000&height=512', 'from=0&to=0.0000001&width=2000'].map(
      (query) => get(`${ask}&${query}`, 200, 400, 429),
    ),
    ...['min_hz=1&max_hz=1000000&height=512', 'min_hz=999&max_hz=999.000001&height=512'].map((query) =>
      get(`${ask}&${query}`, 200, 429),
    ),
    ...['lies.wav', 'empty.wav'].map((name) =>
      get(`/api/spectrogram?file=${name}&from=0&to=1e9`, 200, 400, 415, 422, 429),
    ),
    ...STRANGE.map((query) => get(`${ask}&width=10&${query}`, 200, 429)),
  ]
}

/** Questions for days and for sections. */
export function spanAttacks(): readonly Attack[] {
  return [
    ...MOMENTS.flatMap((value) => [
      get(`/api/days?from=${value}`, 400),
      get(`/api/days?to=${value}`, 400),
      get(`/api/sections?from=${value}`, 400),
      get(`/api/sections?to=${value}`, 400),
      get(`/api/notes?from=${value}`, 400),
      get(`/api/notes?to=${value}`, 400),
    ]),
    ...NUMBERS.flatMap((value) => [
      get(`/api/days?levels=${value}`, 400),
      get(`/api/sections?limit=${value}`, 400),
      // from -1000 to 1000
      get(`/api/sections?min_score=${value}`, ...(value === '-1' ? [200] : [400])),
      get(`/api/notes?offset=${value}`, 400),
      get(`/feed.rss?limit=${value}`, 400),
      get(`/feed.m3u?limit=${value}`, 400),
    ]),
    ...['levels=0', 'levels=1441', 'levels=1.5', 'levels=1&levels=2'].map((query) => get(`/api/days?${query}`, 400)),
    ...['order=__proto__', 'order=', 'order=time&order=score', 'limit=0', 'limit=10001', 'min_score=1001'].map(
      (query) => get(`/api/sections?${query}`, 400),
    ),
    ...['sections', 'days'].flatMap((kind) => [
      get(`/api/${kind}?${'source=x&'.repeat(900)}`, 200),
      get(`/api/${kind}?source=__proto__&source=constructor`, 200),
      get(`/api/${kind}?source[x]=y`, 200, 400),
      get(`/api/${kind}?from=0000-01-01&to=9999-12-31`, 200),
      get(`/api/${kind}?from=9999-12-31&to=0000-01-01`, 200),
      ...STRANGE.map((query) => get(`/api/${kind}?${query}`, 200)),
    ]),
    get('/api/days?from=0000-01-01&to=9999-12-31&levels=1440', 200),
  ]
}

/** Questions for notes, and notes that may not be. */
export function notesAttacks(): readonly Attack[] {
  const post = (body: string, ...allowed: number[]): Attack => ({
    ...{ path: '/api/notes', method: 'POST', headers: JSON_TYPE, body, allowed },
  })
  const note = (fields: object, ...allowed: number[]) =>
    post(JSON.stringify({ kind: 'note', text: 'x', ...fields }), ...allowed)
  const file = 'garden/20260601_120000.wav'
  const ids = [
    ...[
      'x',
      '__proto__',
      'constructor',
      '..',
      '..%2f..%2fetc%2fpasswd',
      '%00',
      '%',
      'protected:',
      'heard:',
      'heard:x:NaN',
    ],
    ...['protected:..%2f..%2fsecret.wav', 'heard:..%2fsecret.wav:1', 'x'.repeat(4001), '%ff', '%0d%0aX-Injected:yes'],
  ]
  return [
    ...['kind=x', 'kind=', 'kind=note&kind=x', 'format=xml', 'format=json&format=csv', 'limit=0', 'file='].map(
      (query) => get(`/api/notes?${query}`, 400),
    ),
    ...NO_FILES.map((name) => get(`/api/notes?file=${name}`, 200)),
    ...['', '{', 'null', '7', '[]', '"x"', '[[[[', '{}', '{"kind":"note"}', '{"kind":"x","text":"x"}', '\u0000'].map(
      (body) => post(body, 400),
    ),
    ...[
      ...[
        { text: ' ' },
        { text: 7 },
        { text: ['x'] },
        { text: 'x'.repeat(4001) },
        { file: 7 },
        { file: '' },
        { at: 'now' },
      ],
      ...[
        { file, start: -1 },
        { file, start: 1e10 },
        { file, start: '1' },
        { file, start: 2, end: 1 },
        { file, end: null },
      ],
      ...[
        { kind: 'protected' },
        { kind: 'heard', file },
        { at: '2026-01-01' },
        { source: '' },
        { file: 'x'.repeat(2001) },
      ],
    ].map((fields) => note(fields, 400)),
    ...['../secret.wav', '/etc/passwd', '.isr/secret.wav', '.hidden.wav', 'link.wav', '__proto__', 'none.wav'].flatMap(
      (name) => [
        note({ file: name }, 404),
        note({ kind: 'bookmark', file: name, start: 1 }, 404),
        note({ kind: 'protected', file: name }, 404),
        note({ kind: 'heard', file: name, start: 1 }, 404),
      ],
    ),
    post(JSON.stringify({ kind: 'note', text: 'x'.repeat(150_000), file }), 413),
    { ...note({ file }, 403), headers: { ...JSON_TYPE, origin: 'http://evil.example' } },
    { ...note({ file }, 403), headers: { ...JSON_TYPE, 'sec-fetch-site': 'cross-site' } },
    // a form of another page needs no leave of the browser: it must not be taken for JSON
    { ...note({ file }, 400), headers: { 'content-type': 'text/plain' } },
    { ...note({ file }, 400), headers: { 'content-type': 'application/x-www-form-urlencoded' } },
    ...ids.flatMap((id): Attack[] => [
      { path: `/api/notes/${id}`, method: 'PUT', headers: JSON_TYPE, body: '{"text":"x"}', allowed: [400, 404] },
      { path: `/api/notes/${id}`, method: 'DELETE', allowed: [400, 404] },
    ]),
    ...['{', '7', '{"text":7}', '{"start":-1}', '{"at":"now"}'].map((body): Attack => {
      return { path: '/api/notes/x', method: 'PUT', headers: JSON_TYPE, body, allowed: [400] }
    }),
    { path: '/api/notes/x', method: 'DELETE', headers: { origin: 'http://evil.example' }, allowed: [403] },
  ]
}

/** Questions for streams, feeds and what machines ask. */
export function otherAttacks(): readonly Attack[] {
  const plain = ['/metrics', '/healthz', '/api/openapi.json', '/api/storage', '/api/config', '/feed.m3u', '/feed.rss']
  const sources = [
    'none',
    '__proto__',
    '..',
    '..%2f..%2fetc%2fpasswd',
    '%2fetc%2fpasswd',
    '%00',
    'x'.repeat(5000),
    'a/b/c',
    '%0d%0ax',
  ]
  return [
    ...plain.flatMap((path) => STRANGE.map((query) => get(`${path}?${query}`, 200))),
    ...plain.flatMap((path): Attack[] => [
      { path, headers: { accept: 'x/y, */*;q=x' }, allowed: [200] },
      { path, headers: { 'if-none-match': `"${'x'.repeat(6000)}"` }, allowed: [200] },
      { path, headers: { range: 'bytes=0-0' }, allowed: [200, 206] },
      { path, headers: { 'accept-encoding': 'x, gzip;q=0' }, allowed: [200] },
      { path: `${path}/`, allowed: [200] },
      { path: `${path}%2f..%2f..%2fetc%2fpasswd`, allowed: [404] },
    ]),
    ...sources.flatMap((name) => [
      get(`/live/${name}`, 400, 404, 503),
      get(`/live/${name}?container=fmp4`, 400, 404, 503),
      get(`/live/${name}?container=exe`, 400, 404),
    ]),
    ...['levels=2', 'levels=', 'levels=1&levels=1'].map((query) => get(`/api/events?${query}`, 400)),
    // what is asked stands in the answer: as data
    ...['%3C/link%3E%3Cscript%3E', '%22%3E', '%5D%5D%3E', '%00', '%0d%0a%23EXTM3U', '%F0%9F'].flatMap((text) => [
      get(`/feed.rss?source=${text}`, 200),
      get(`/feed.m3u?source=${text}`, 200),
    ]),
    ...['evil.example', '127.0.0.1:1/<x>', '"><script>'].flatMap((host): Attack[] => [
      { path: '/feed.rss', headers: { host }, allowed: [400, 421] },
      { path: '/feed.m3u', headers: { 'x-forwarded-host': host, 'x-forwarded-proto': 'javascript' }, allowed: [200] },
    ]),
  ]
}
