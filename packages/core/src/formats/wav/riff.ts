/** Chunks that stand beside the audio in WAVE files: where the audio's size is doubtful, one of them shows its end. */
const KNOWN_CHUNKS: ReadonlySet<string> = new Set([
  ...[
    'fmt ',
    'data',
    'ds64',
    'fact',
    'LIST',
    'list',
    'INFO',
    'JUNK',
    'junk',
    'PAD ',
    'FLLR',
    'bext',
    'iXML',
    'axml',
    'chna',
  ],
  ...[
    'cart',
    'cue ',
    'plst',
    'PEAK',
    'id3 ',
    'ID3 ',
    'smpl',
    'inst',
    'acid',
    'strc',
    'DISP',
    'afsp',
    'levl',
    'minf',
    'elm1',
  ],
  ...['regn', 'umid', '_PMX', 'cset', 'Cr8r', 'SAUR', 'LGWV', 'ResU', 'dbmd', 'SNDM'],
])
const RIFF_NAMES: ReadonlySet<string> = new Set(['RIFF', 'RF64', 'BW64'])

/** Bytes of the RIFF header: name, size, `WAVE`. */
export const RIFF_HEADER_BYTES = 12
/** Bytes of a chunk header: name and size. */
export const CHUNK_HEADER_BYTES = 8

/** Four characters at `at`; fewer at the end of the bytes. */
export function fourCc(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + 4))
}

/** Size that the chunk at `at` claims for its body. */
export function chunkBytes(bytes: Uint8Array, at: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset + at + 4, 4).getUint32(0, true)
}

/** Whether a chunk that WAVE files are known to hold starts at `at`. */
export function isKnownChunk(bytes: Uint8Array, at: number): boolean {
  return at + CHUNK_HEADER_BYTES <= bytes.length && KNOWN_CHUNKS.has(fourCc(bytes, at))
}

/** Whether a file of chunks starts with this name. */
export function isRiffName(name: string): boolean {
  return RIFF_NAMES.has(name)
}

/** Whether a WAVE header starts at `at`: plain RIFF, RF64 or BW64. */
export function isWaveHeader(bytes: Uint8Array, at: number): boolean {
  return at + RIFF_HEADER_BYTES <= bytes.length && RIFF_NAMES.has(fourCc(bytes, at)) && fourCc(bytes, at + 8) === 'WAVE'
}

/** Whether audio before `at` may have ended there: a chunk or a WAVE header follows. */
export function isBoundary(bytes: Uint8Array, at: number): boolean {
  return isKnownChunk(bytes, at) || isWaveHeader(bytes, at)
}

/** The first WAVE header at or after `from`, or -1. */
export function findWaveHeader(bytes: Uint8Array, from: number): number {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  for (let at = buffer.indexOf('WAVE', from + 8); at >= 0; at = buffer.indexOf('WAVE', at + 1)) {
    if (isWaveHeader(bytes, at - 8)) return at - 8
  }
  return -1
}

/** A chunk around `body`, with a zero byte behind it where its size is odd. */
export function buildChunk(name: string, body: Uint8Array): Uint8Array {
  const chunk = new Uint8Array(CHUNK_HEADER_BYTES + body.length + (body.length % 2))
  for (let index = 0; index < 4; index++) chunk[index] = name.charCodeAt(index)
  new DataView(chunk.buffer).setUint32(4, body.length, true)
  chunk.set(body, CHUNK_HEADER_BYTES)
  return chunk
}
