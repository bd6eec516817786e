import { decodeText } from '../head/charset.js'
import { parseXspf } from './xspf.js'

/** Playlist formats that are understood; `hls` is recognised, so that it can be refused by name. */
export type PlaylistKind = 'm3u' | 'pls' | 'xspf' | 'hls'

/** Largest playlist that is read. */
export const MAX_PLAYLIST_BYTES = 256 * 1024

/** Enough to tell a playlist from audio. */
export const PLAYLIST_PROBE_BYTES = 512

/** What is known about a document before it is parsed. */
interface DocumentHints {
  /** Lower-case media type; `''` when none is declared. */
  readonly contentType: string
  /** Path of its URL. */
  readonly path: string
}

/** Kind of playlist that a path's extension promises. */
export function playlistKindOfPath(path: string): PlaylistKind | undefined {
  const extension = /\.(m3u8?|pls|xspf)$/i.exec(path)?.[1].toLowerCase()
  return extension?.startsWith('m3u') ? 'm3u' : (extension as 'pls' | 'xspf' | undefined)
}

/** Kind of playlist that a media type promises. */
export function playlistKindOfType(contentType: string): PlaylistKind | undefined {
  if (contentType.includes('mpegurl')) return 'm3u'
  if (/scpls|pls\+xml/.test(contentType)) return 'pls'
  return contentType.includes('xspf') ? 'xspf' : undefined
}

/**
 * Whether a document is a playlist, by its first bytes; type and path only decide where the content allows them to:
 * stations send audio as `audio/x-mpegurl` and playlists as `text/html`.
 */
export function detectPlaylist(head: Uint8Array, hints: DocumentHints): PlaylistKind | undefined {
  if (head.some(isBinary)) return undefined
  const text = textOf(head).trimStart()
  if (/^\[playlist\]/i.test(text)) return 'pls'
  if (/^#EXT-X-|^#EXTM3U[^]*\n#EXT-X-/i.test(text)) return 'hls'
  if (/^#EXTM3U/i.test(text)) return 'm3u'
  const promised = playlistKindOfType(hints.contentType) ?? playlistKindOfPath(hints.path)
  if (text.startsWith('<'))
    return promised === 'xspf' || /<(?:[\w-]{1,20}:)?playlist\b/i.test(text) ? 'xspf' : undefined
  if (promised === 'pls') return /^file\d*\s*=/im.test(text) ? 'pls' : promisedList(text)
  return promised === undefined && !/^https?:\/\//i.test(text) ? undefined : promisedList(text)
}

/** Addresses in a playlist in the order they are to be tried, as they are written there. */
export function parsePlaylist(kind: PlaylistKind, document: Uint8Array): string[] {
  const text = textOf(document)
  if (kind === 'xspf') return parseXspf(text)
  return kind === 'pls' ? parsePls(text) : parseM3u(text)
}

function promisedList(text: string): PlaylistKind | undefined {
  return text === '' ? undefined : 'm3u'
}

function parseM3u(text: string): string[] {
  return text
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
}

function parsePls(text: string): string[] {
  const files: { readonly number: number; readonly url: string }[] = []
  for (const line of text.split(/[\r\n]+/)) {
    const file = /^\s*file(\d{0,9})\s*=(.*)$/i.exec(line)
    if (file && file[2].trim() !== '') files.push({ number: Number(file[1]), url: file[2].trim() })
  }
  return files.sort((a, b) => a.number - b.number).map((file) => file.url)
}

/** Text, without a byte order mark. */
function textOf(bytes: Uint8Array): string {
  return decodeText(bytes).replace(/^\ufeff/, '')
}

/** Control characters that no text holds. */
function isBinary(byte: number): boolean {
  return byte < 0x09 || (byte > 0x0d && byte < 0x20 && byte !== 0x1b)
}
