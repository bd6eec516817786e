import { execFileSync } from 'node:child_process'
import type { Format } from '../../src/formats/format.js'
import { aacFormat } from '../../src/formats/aac/index.js'
import { flacFormat } from '../../src/formats/flac/index.js'
import { mp3Format } from '../../src/formats/mpeg/index.js'
import { oggFormat } from '../../src/formats/ogg/index.js'
import { wavFormat } from '../../src/formats/wav/index.js'

/** Programs that make these streams. */
export const ENCODER_TOOLS = ['ffmpeg', 'ffprobe']

/** A kind of stream that is recorded. */
export interface AudioKind {
  readonly name: string
  /** Of its files, without dot. */
  readonly extension: string
  readonly format: Format
  readonly rateHz: number
  readonly channels: number
  /** ffmpeg's arguments for the encoder and the container of the stream. */
  readonly encoder: string
}

const mp3 = (name: string, encoder: string, rateHz = 44100, channels = 2): AudioKind => ({
  name,
  extension: 'mp3',
  format: mp3Format,
  rateHz,
  channels,
  encoder: `-c:a libmp3lame ${encoder} -write_xing 0 -id3v2_version 0 -f mp3`,
})
const ogg = (name: string, extension: string, encoder: string, rateHz: number): AudioKind => ({
  name,
  extension,
  format: oggFormat,
  rateHz,
  channels: 2,
  encoder: `${encoder} -f ogg`,
})
const wav = (name: string, codec: string, channels: number): AudioKind => ({
  name,
  extension: 'wav',
  format: wavFormat,
  rateHz: 44100,
  channels,
  encoder: `-c:a ${codec} -f wav`,
})

/** Every kind that cutting and serving must be perfect for. */
export const AUDIO_KINDS: readonly AudioKind[] = [
  mp3('MP3 CBR', '-b:a 128k'),
  mp3('MP3 VBR', '-q:a 4'),
  mp3('MP3 of MPEG-2', '-b:a 64k', 22050),
  mp3('MP3 mono', '-b:a 64k', 44100, 1),
  ogg('Vorbis', 'ogg', '-c:a libvorbis -q:a 4', 44100),
  ogg('Opus', 'opus', '-c:a libopus -b:a 96k', 48000),
  ogg('Ogg FLAC', 'oga', '-c:a flac', 44100),
  { name: 'FLAC', extension: 'flac', format: flacFormat, rateHz: 44100, channels: 2, encoder: '-c:a flac -f flac' },
  wav('WAV', 'pcm_s16le', 2),
  wav('WAV of 24 bits, mono', 'pcm_s24le', 1),
  wav('WAV of floats', 'pcm_f32le', 2),
  {
    name: 'AAC',
    extension: 'aac',
    format: aacFormat,
    rateHz: 44100,
    channels: 2,
    // noise substitution is random by where a decoder began: nothing could be compared
    encoder: '-c:a aac -aac_pns 0 -b:a 96k -f adts',
  },
]

/** The kind of this name. */
export function audioKind(name: string): AudioKind {
  const kind = AUDIO_KINDS.find((one) => one.name === name)
  if (!kind) throw new RangeError(`no kind of audio ${name}`)
  return kind
}

/** Noise, a tone and a swelling chirp, then a second of silence in every five: frames differ in size, rate and content. */
const MUSIC = [
  'anoisesrc=c=pink:r=48000:a=0.2:seed=7[noise]',
  'sine=f=300:r=48000[tone]',
  "aevalsrc='0.4*sin(2*PI*(200+150*mod(t,10))*t)*(0.5+0.5*sin(7*t))':s=48000[chirp]",
  "[noise][tone][chirp]amix=3,volume='if(gte(mod(t,5),4),0,1)':eval=frame",
].join(';')

/** A stream of this kind as a station sends it. */
export function encodeKind({ rateHz, channels, encoder }: AudioKind, seconds: number): Uint8Array {
  const input = ['-nostdin', '-v', 'error', '-filter_complex', MUSIC, '-t', String(seconds), '-flags', '+bitexact']
  const args = [...input, '-ar', String(rateHz), '-ac', String(channels), ...encoder.split(' '), 'pipe:1']
  return Uint8Array.from(execFileSync('ffmpeg', args, { maxBuffer: 1 << 28 }))
}
