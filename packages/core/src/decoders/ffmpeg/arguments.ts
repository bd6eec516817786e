import { resolve } from 'node:path'
import type { EncodedAudio, EncodedContainer } from '../decoder.js'

/** What ffmpeg calls the containers. It is told, because among those that it would guess are playlists that name other files. */
const DEMUXERS: Readonly<Record<EncodedContainer, string>> = {
  mp3: 'mp3',
  aac: 'aac',
  ogg: 'ogg',
  flac: 'flac',
  wav: 'wav',
}

/**
 * The arguments of ffmpeg: fixed ones, and one that names the file. No user's text is ever an option: an absolute path behind `file:`
 * can begin with a dash or hold colons.
 */
export function ffmpegArguments({ container, from }: EncodedAudio): string[] {
  const input = typeof from === 'string' ? `file:${resolve(from)}` : 'pipe:0'
  return [
    ...['-nostdin', '-hide_banner', '-v', 'error'],
    // one thread: several cost more in all
    ...['-threads', '1', '-protocol_whitelist', 'file,pipe', '-f', DEMUXERS[container], '-i', input],
    ...['-map', '0:a:0', '-map_metadata', '-1', '-bitexact', '-flush_packets', '0'],
    // floats: what decodes beyond full scale stays
    ...['-c:a', 'pcm_f32le', '-f', 'wav', 'pipe:1'],
  ]
}
