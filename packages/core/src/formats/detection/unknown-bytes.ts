import { refusedOgg } from './refused-ogg.js'
import { refusedWav } from '../wav/sniff.js'

/** What the first bytes tell, as `[offset, text, phrase]`; letters match in either case. */
const MAGICS: readonly (readonly [at: number, magic: string, phrase: string])[] = [
  [0, '#extm3u', 'a playlist'],
  [0, '[playlist]', 'a playlist'],
  [0, '[reference]', 'a playlist'],
  [0, '<asx', 'a playlist'],
  [0, '<!doctype html', 'an HTML page'],
  [0, '<html', 'an HTML page'],
  [0, 'OggS', 'an Ogg stream'],
  [0, 'fLaC', 'a FLAC stream'],
  [0, 'RIFX', 'big-endian WAV audio'],
  [0, 'FORM', 'an AIFF file'],
  [0, '.snd', 'a Sun audio file'],
  [0, 'FLV\x01', 'a Flash video stream'],
  [0, '\x1aE\xdf\xa3', 'a Matroska or WebM stream'],
  [0, '0&\xb2u\x8ef\xcf\x11', 'a Windows Media stream'],
  [0, '.RMF', 'a RealMedia stream'],
  [4, 'ftyp', 'an MP4 file'],
  [4, 'styp', 'a piece of fragmented MP4'],
  [0, 'ADIF', 'AAC in ADIF'],
  [0, 'MThd', 'a MIDI file'],
  [0, 'wvpk', 'WavPack audio'],
  [0, 'MAC ', "Monkey's Audio"],
  [0, '\x89PNG', 'an image'],
  [0, '\xff\xd8\xff', 'an image'],
  [0, 'GIF8', 'an image'],
  [0, '%PDF', 'a PDF document'],
  [0, 'PK\x03\x04', 'a ZIP archive'],
  [0, '\x1f\x8b\x08', 'gzip data'],
]
/** Magics of formats that are recorded: the stream may be damaged, or the format not wanted. */
const RECORDED = new Set(['OggS', 'fLaC'])
const TS_PACKET_BYTES = 188
const TEXT_BYTES = 512

/** What bytes that are no known audio look like, as a phrase that follows "it sends": `an HTML page`. */
export function describeUnknown(head: Uint8Array): string {
  if (head.length === 0) return 'nothing'
  return recognise(head) ?? describeAudio(head) ?? (isText(head) ? describeText(head) : 'binary data of unknown format')
}

/** Whether these bytes are recognised as something that is not recorded, so that no more of them need to be waited for. */
export function isCertainlyUnknown(head: Uint8Array): boolean {
  if (refusedOgg(head) !== undefined) return true
  if (MAGICS.some(([at, magic]) => RECORDED.has(magic) && startsWith(head, at, magic))) return false
  return recognise(head) !== undefined || isText(head)
}

function recognise(head: Uint8Array): string | undefined {
  const refused = refusedOgg(head) ?? refusedWav(head)
  if (refused !== undefined) return refused
  const start = skipBlank(head)
  const found = MAGICS.find(([at, magic]) => startsWith(head, start + at, magic) || startsWith(head, at, magic))
  if (found) return found[2]
  if (isTransportStream(head)) return 'an MPEG transport stream'
  return isLoas(head) ? 'AAC in LOAS' : undefined
}

function describeAudio(head: Uint8Array): string | undefined {
  if (startsWith(head, 0, 'RIFF') || startsWith(head, 0, 'RF64')) return 'a WAV stream'
  if (head[0] === 0x0b && head[1] === 0x77) return 'an AC-3 stream'
  if (head[0] !== 0xff || head[1] < 0xe0) return undefined
  const layer = ['', ' of layer III', ' of layer II', ' of layer I'][(head[1] >>> 1) & 3]
  return layer === '' ? 'an AAC stream' : `an MPEG audio stream${layer}`
}

function describeText(head: Uint8Array): string {
  const text = new TextDecoder().decode(head.subarray(0, TEXT_BYTES)).trim()
  if (/^[[{]/.test(text)) return 'JSON'
  if (/<playlist\b/i.test(text)) return 'a playlist'
  if (/<(html|head|body)\b/i.test(text)) return 'an HTML page'
  if (/^<\?xml\b/i.test(text)) return 'an XML document'
  if (/^(https?|rtsp|mms):\/\/\S+\s*$/im.test(text)) return 'a playlist'
  return 'text'
}

/** Text has no control characters but blanks. */
function isText(head: Uint8Array): boolean {
  return head.subarray(0, TEXT_BYTES).every((byte) => byte >= 0x20 || (byte >= 0x09 && byte <= 0x0d)) && isUtf8(head)
}

function isUtf8(head: Uint8Array): boolean {
  // A character may be cut in two at the end.
  return !new TextDecoder().decode(head.subarray(0, TEXT_BYTES), { stream: true }).includes('\ufffd')
}

function isTransportStream(head: Uint8Array): boolean {
  const last = 3 * TS_PACKET_BYTES
  for (let start = 0; start < TS_PACKET_BYTES && start + last < head.length; start++) {
    if ([0, 1, 2, 3].every((packet) => head[start + packet * TS_PACKET_BYTES] === 0x47)) return true
  }
  return false
}

/** LOAS frames say their length: a chain of them is no chance. */
function isLoas(head: Uint8Array): boolean {
  const next = (at: number) => {
    const sync = head[at] === 0x56 && (head[at + 1] & 0xe0) === 0xe0
    return sync ? at + 3 + ((head[at + 1] & 0x1f) << 8) + head[at + 2] : -1
  }
  for (let start = head.indexOf(0x56); start >= 0; start = head.indexOf(0x56, start + 1)) {
    let at = start
    for (let frames = 0; frames < 3 && at >= 0; frames++) at = next(at)
    if (at >= 0) return true
  }
  return false
}

/** Where blanks and a byte order mark end. */
function skipBlank(head: Uint8Array): number {
  let at = startsWith(head, 0, '\xef\xbb\xbf') ? 3 : 0
  while (at < head.length && (head[at] === 0x20 || (head[at] >= 0x09 && head[at] <= 0x0d))) at++
  return at
}

function startsWith(head: Uint8Array, at: number, magic: string): boolean {
  if (at + magic.length > head.length) return false
  for (let index = 0; index < magic.length; index++) {
    if (lower(head[at + index]) !== lower(magic.charCodeAt(index))) return false
  }
  return true
}

function lower(code: number): number {
  return code >= 0x41 && code <= 0x5a ? code + 0x20 : code
}
