import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('../../../../node_modules/.cache/isr/bench', import.meta.url))

/** Music-like: tones that wander, and noise that swells. */
const signal = [
  'aevalsrc=0.3*sin(2*PI*(220+3*sin(t))*t)*(0.6+0.4*sin(t/3))+0.2*sin(2*PI*(550+40*sin(t/7))*t)+0.05*random(0)*(1+sin(t))',
  'aevalsrc=0.3*sin(2*PI*(330+5*sin(t/2))*t)*(0.5+0.5*sin(t/5))+0.1*sin(2*PI*1200*t)+0.05*random(1)*(1+sin(t/2))',
]

const encoders = {
  mp3: '-c:a libmp3lame -b:a 320k -compression_level 9',
  aac: '-c:a aac -aac_coder fast -b:a 320k',
  ogg: '-c:a libvorbis -q:a 9',
  opus: '-c:a libopus -b:a 450k -compression_level 0',
  oga: '-c:a flac',
  flac: '-c:a flac',
  wav: '-c:a pcm_s16le',
}

/** What stations send: frames alone. */
const streamEncoders = {
  'mp3-128': '-c:a libmp3lame -b:a 128k -write_xing 0 -id3v2_version 0 -f mp3',
  'aac-128': '-c:a aac -aac_coder fast -b:a 128k -f adts',
  'opus-96': '-c:a libopus -b:a 96k -vbr off -compression_level 0 -page_duration 1000000 -f ogg',
}

/** Kinds of file that {@link fixture} makes. */
export const fixtureKinds = Object.keys(encoders)

/** Path of an audio file of `seconds`; made by ffmpeg at the first call, kept for the next run. */
export function fixture(kind, seconds) {
  const path = join(folder, `${seconds}s.${kind}`)
  if (existsSync(path)) return path
  mkdirSync(folder, { recursive: true })
  const rate = kind.startsWith('opus') ? 48000 : 44100
  const inputs = signal.flatMap((expression) => ['-f', 'lavfi', '-i', `${expression}:s=${rate}:d=60`])
  const minute = join(folder, `minute-${process.pid}.wav`)
  const whole = join(folder, `new-${process.pid}.${kind}`)
  const ffmpeg = (...args) => execFileSync('ffmpeg', ['-nostdin', '-v', 'error', '-y', ...args])
  ffmpeg(...inputs, '-filter_complex', '[0:a][1:a]amerge=inputs=2', minute)
  ffmpeg(
    '-stream_loop',
    '-1',
    '-i',
    minute,
    '-t',
    String(seconds),
    ...(encoders[kind] ?? streamEncoders[kind]).split(' '),
    whole,
  )
  renameSync(whole, path)
  rmSync(minute)
  return path
}
