import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { missingTools } from '../../../../../tests/e2e/rig/require-tool.js'

/** A temporary folder for one test file; `remove` it at the end. */
export function createFolder() {
  const path = mkdtempSync(join(tmpdir(), 'isr-formats-'))
  return { file: (name: string) => join(path, name), remove: () => rmSync(path, { recursive: true, force: true }) }
}

/** Noise, a tone and a swelling chirp: fills every frame with other bits. */
const MUSIC = [
  'anoisesrc=c=pink:r=48000:a=0.2:seed=7[noise]',
  'sine=f=300:r=48000[tone]',
  "aevalsrc='0.4*sin(2*PI*(200+150*t)*t)*(0.5+0.5*sin(7*t))':s=48000[chirp]",
  '[noise][tone][chirp]amix=3',
].join(';')

/** Empty where there is no ffmpeg: the tests that would take it are skipped then. */
function encode(seconds: number, args: readonly string[]): Uint8Array {
  if (missingTools(['ffmpeg']).length > 0) return new Uint8Array(0)
  return Uint8Array.from(execFileSync('ffmpeg', [...sound(seconds), ...args, 'pipe:1'], { maxBuffer: 1 << 28 }))
}

function sound(seconds: number): string[] {
  return ['-nostdin', '-v', 'error', '-filter_complex', MUSIC, '-t', String(seconds), '-flags', '+bitexact']
}

/** What to encode. */
export interface EncodeOptions {
  /** Default 4. */
  readonly seconds?: number
  readonly rateHz?: number
  readonly channels?: number
}

/** MP3 by libmp3lame as a station sends it: frames only. `args` such as `-b:a 128k` or `-q:a 4`. */
export function encodeMp3(args: string, { seconds = 4, rateHz = 44100, channels = 2 }: EncodeOptions = {}): Uint8Array {
  const form = ['-ar', String(rateHz), '-ac', String(channels), '-c:a', 'libmp3lame', ...args.split(' ')]
  return encode(seconds, [...form, '-write_xing', '0', '-id3v2_version', '0', '-f', 'mp3'])
}

/** MP3 as a file at `path`: ID3v2 tag and Info or Xing frame first, which ffmpeg writes only where it can seek. */
export function encodeMp3File(path: string, args: string): Uint8Array {
  const form = [
    '-ac',
    '2',
    '-ar',
    '44100',
    '-c:a',
    'libmp3lame',
    ...args.split(' '),
    '-metadata',
    'title=T',
    '-f',
    'mp3',
  ]
  execFileSync('ffmpeg', [...sound(2), ...form, '-y', path])
  return Uint8Array.from(readFileSync(path))
}

/** AAC in ADTS by ffmpeg's own encoder. */
export function encodeAac({ seconds = 4, rateHz = 44100, channels = 2 }: EncodeOptions = {}): Uint8Array {
  return encode(seconds, ['-ar', String(rateHz), '-ac', String(channels), '-c:a', 'aac', '-b:a', '96k', '-f', 'adts'])
}

/** The same sound in another container, for what must not be taken for frames. `args` such as `-c:a flac -f flac`. */
export function encodeAs(args: string): Uint8Array {
  return encode(2, ['-ac', '2', ...args.split(' ')])
}
