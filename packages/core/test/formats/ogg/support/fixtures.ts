import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** What the tests of Ogg are encoded and judged by. */
export const OGG_TOOLS = [
  ...['oggenc', 'oggdec', 'ogginfo', 'oggz-validate', 'opusenc', 'opusdec', 'opusinfo'],
  ...['flac', 'ffmpeg', 'ffprobe'],
]

/** A temporary folder. */
export type Folder = ReturnType<typeof createFolder>

/** A folder for one test file; `remove` it at the end. */
export function createFolder() {
  const path = mkdtempSync(join(tmpdir(), 'isr-ogg-'))
  return {
    path,
    file: (name: string) => join(path, name),
    remove: () => rmSync(path, { recursive: true, force: true }),
  }
}

/** Runs a tool that must succeed. */
export function run(tool: string, ...args: string[]): Buffer {
  return execFileSync(tool, args, { stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 1 << 28 })
}

/** Music-like WAV: chords with vibrato and soft noise; never silent, never periodic. */
export function makeWav(
  path: string,
  { seconds, rate = 48000, channels = 2 }: { seconds: number; rate?: number; channels?: number },
) {
  const frames = Math.round(seconds * rate)
  const data = Buffer.alloc(44 + frames * channels * 2)
  data.write('RIFF', 0)
  data.writeUInt32LE(36 + frames * channels * 2, 4)
  data.write('WAVEfmt ', 8)
  data.writeUInt32LE(16, 16)
  data.writeUInt16LE(1, 20)
  data.writeUInt16LE(channels, 22)
  data.writeUInt32LE(rate, 24)
  data.writeUInt32LE(rate * channels * 2, 28)
  data.writeUInt16LE(channels * 2, 32)
  data.writeUInt16LE(16, 34)
  data.write('data', 36)
  data.writeUInt32LE(frames * channels * 2, 40)
  let noise = 1
  for (let frame = 0; frame < frames; frame++) {
    const t = frame / rate
    for (let channel = 0; channel < channels; channel++) {
      noise = (Math.imul(noise, 1103515245) + 12345) >>> 0
      const chord = [220, 277.2, 329.6, 440, 1318.5]
      let value = 0
      chord.forEach((hz, index) => {
        value += Math.sin(
          2 * Math.PI * hz * (1 + channel * 0.01) * t + 3 * Math.sin(2 * Math.PI * (index + 1) * 0.7 * t),
        )
      })
      const loud = 0.5 + 0.5 * Math.sin(2 * Math.PI * 1.3 * t)
      const sample = value * 2500 * loud + (noise / 2 ** 32 - 0.5) * 1500
      data.writeInt16LE(Math.max(-32768, Math.min(32767, Math.round(sample))), 44 + (frame * channels + channel) * 2)
    }
  }
  writeFileSync(path, data)
  return path
}

/** One Ogg file as an encoder writes it. */
export interface Fixture {
  readonly codec: 'vorbis' | 'opus' | 'flac'
  readonly path: string
  readonly bytes: Uint8Array
}

/** Encodes `wav` with the codec's own encoder. */
export function encode(
  folder: Folder,
  codec: Fixture['codec'],
  name: string,
  wav: string,
  ...options: string[]
): Fixture {
  const path = folder.file(name)
  if (codec === 'vorbis') run('oggenc', '-Q', ...options, '-o', path, wav)
  else if (codec === 'opus') run('opusenc', '--quiet', ...options, wav, path)
  else run('flac', '-s', '-f', '--ogg', ...options, '-o', path, wav)
  return { codec, path, bytes: new Uint8Array(readFileSync(path)) }
}
