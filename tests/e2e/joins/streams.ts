import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { runTool } from '../rig/run-tool.js'

/** A kind of stream that a station sends. */
export interface StreamKind {
  readonly name: string
  /** Of the stream and of its files, with dot. */
  readonly extension: '.mp3' | '.ogg' | '.opus' | '.oga' | '.flac' | '.wav'
  readonly rateHz: number
  readonly channels: 1 | 2
  /** What is heard in it. */
  readonly sound: keyof typeof sounds
  /** Encoder and its arguments; `{in}` is a WAV file, `{out}` the stream. */
  readonly encoder: string
  /** Sample format in which ffmpeg rounds nothing away of what it decodes. */
  readonly pcm: 's16le' | 's32le' | 'f32le'
  /** Bits of the samples before they are encoded. */
  readonly bits: 16 | 24 | 32
  /** Hidden pre-roll asked for, of Opus alone. */
  readonly opusPrerollMs?: number
}

/** Two sounds that are never the same twice, with a second of digital silence now and then; stereo is two different ones. */
const sounds = {
  /** Noise, a tone, a swelling chirp and clicks. */
  music: [
    '0.3*sin(2*PI*(200+150*mod(t,10))*t)*(0.5+0.5*sin(7*t))+0.1*sin(2*PI*440*t)+0.06*(random(0)-0.5)+0.5*lt(mod(t,0.37),0.0004)',
    '0.3*sin(2*PI*(2000-130*mod(t,13))*t)+0.1*sin(2*PI*277*t)+0.06*(random(1)-0.5)',
  ],
  /** A voice: a buzz of a gliding pitch through two moving formants, in syllables, and hissing between them. */
  speech: [
    '(mod(t*(110+20*sin(2*t)),1)-0.5)*(0.5*sin(2*PI*(500+200*sin(3*t))*t)+0.4*sin(2*PI*(1500+400*sin(5*t))*t))*lt(mod(t*3.7,1),0.7)+0.08*(random(0)-0.5)*gt(mod(t*3.7,1),0.75)',
    '(mod(t*(110+20*sin(2*t)),1)-0.5)*0.7*sin(2*PI*(500+200*sin(3*t))*t)*lt(mod(t*3.7,1),0.7)+0.05*(random(1)-0.5)',
  ],
} as const

const mp3 = (name: string, args: string, rateHz = 44100, channels: 1 | 2 = 2): StreamKind => ({
  name: `MP3 ${name}`,
  extension: '.mp3',
  rateHz,
  channels,
  sound: 'music',
  encoder: `ffmpeg -v error -i {in} -c:a libmp3lame ${args} -write_xing 0 -id3v2_version 0 {out}`,
  pcm: 'f32le',
  bits: 16,
})
const vorbis = (name: string, args: string, channels: 1 | 2 = 2): StreamKind => ({
  name: `Vorbis ${name}`,
  extension: '.ogg',
  rateHz: 44100,
  channels,
  sound: 'music',
  encoder: `oggenc -Q ${args} -o {out} {in}`,
  pcm: 'f32le',
  bits: 16,
})
const opus = (
  name: string,
  args: string,
  sound: StreamKind['sound'],
  opusPrerollMs: number,
  channels: 1 | 2 = 2,
): StreamKind => ({
  name: `Opus ${name}, ${opusPrerollMs} ms`,
  extension: '.opus',
  rateHz: 48000,
  channels,
  sound,
  encoder: `opusenc --quiet ${args} {in} {out}`,
  pcm: 'f32le',
  bits: 16,
  opusPrerollMs,
})
const lossless = (
  name: string,
  extension: '.flac' | '.oga' | '.wav',
  encoder: string,
  bits: StreamKind['bits'] = 16,
): StreamKind => ({
  name,
  extension,
  rateHz: 44100,
  channels: 2,
  sound: 'music',
  encoder,
  pcm: bits === 16 ? 's16le' : bits === 24 ? 's32le' : 'f32le',
  bits,
})

/** CELT alone. */
const MUSIC = '--music --bitrate 96'
/** Hybrid packets. */
const SPEECH = '--speech --bitrate 24'
/** SILK alone. */
const LOW_SPEECH = '--speech --bitrate 12'

/** Every kind of stream whose files join exactly. */
export const STREAM_KINDS: readonly StreamKind[] = [
  mp3('CBR 128', '-b:a 128k'),
  mp3('VBR V4', '-q:a 4'),
  mp3('CBR 128, mono', '-b:a 128k', 44100, 1),
  mp3('CBR 32', '-b:a 32k', 32000),
  mp3('CBR 24, MPEG-2 mono', '-b:a 24k', 22050, 1),
  mp3('CBR 64, MPEG-2', '-b:a 64k', 22050),
  mp3('CBR 32, MPEG-2 at 24 kHz', '-b:a 32k', 24000),
  mp3('CBR 8, MPEG-2.5 at 8 kHz', '-b:a 8k', 8000, 1),
  vorbis('q1', '-q 1'),
  vorbis('q5', '-q 5'),
  vorbis('q3, mono', '-q 3', 1),
  opus('music', MUSIC, 'music', 400),
  opus('music', MUSIC, 'music', 800),
  opus('speech', SPEECH, 'speech', 400),
  opus('speech', SPEECH, 'speech', 800),
  opus('low speech', LOW_SPEECH, 'speech', 400, 1),
  opus('low speech', LOW_SPEECH, 'speech', 800, 1),
  lossless('FLAC', '.flac', 'flac -s -o {out} {in}'),
  lossless('FLAC of 24 bits', '.flac', 'ffmpeg -v error -i {in} -c:a flac -sample_fmt s32 {out}', 24),
  lossless('Ogg FLAC', '.oga', 'flac -s --ogg -o {out} {in}'),
  lossless('WAV of 16 bits', '.wav', 'ffmpeg -v error -i {in} -c:a pcm_s16le {out}'),
  lossless('WAV of 24 bits', '.wav', 'ffmpeg -v error -i {in} -c:a pcm_s24le {out}', 24),
  lossless('WAV of floats', '.wav', 'ffmpeg -v error -i {in} -c:a pcm_f32le {out}', 32),
]

/** Programs that make these streams. */
export const ENCODER_TOOLS = ['ffmpeg', 'oggenc', 'opusenc', 'flac']

/** Encodes `seconds` of a kind into `folder`; gives the path of the stream. The same one is made once. */
export async function makeStream(kind: StreamKind, folder: string, seconds: number): Promise<string> {
  const { name, sound, channels, rateHz, bits, extension } = kind
  // encoders of 16 bits read nothing else
  const depth = bits === 16 ? 's16le' : 'f32le'
  const wav = join(folder, `${sound}-${channels}-${rateHz}-${depth}-${seconds}.wav`)
  if (!existsSync(wav)) {
    const source = `aevalsrc='${sounds[sound].slice(0, channels).join('|')}':s=${rateHz}:d=${seconds}`
    const silence = "volume='if(lt(mod(t,7),6),1,0)':eval=frame"
    await make('ffmpeg', `-y -v error -f lavfi -i ${source} -af ${silence} -c:a pcm_${depth} ${wav}`)
  }
  const stream = join(folder, `${name.replaceAll(/\W+/g, '-')}-${seconds}${extension}`)
  if (existsSync(stream)) return stream
  const [command, ...args] = kind.encoder.split(' ').map((part) => part.replace('{in}', wav).replace('{out}', stream))
  await make(command, args.join(' '))
  return stream
}

async function make(command: string, args: string): Promise<void> {
  const { exitCode, output } = await runTool(command, args.split(' '))
  if (exitCode !== 0) throw new Error(`${command} ${args}: ${output.slice(-300)}`)
}
