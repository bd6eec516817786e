import { readFileSync, rmSync } from 'node:fs'
import { runTool } from '../rig/run-tool.js'
import type { StreamKind } from './streams.js'

/** A program that decodes files to raw PCM, none of ours. */
export interface Decoder {
  readonly name: string
  /** Sample format that it gives. */
  readonly pcm: StreamKind['pcm']
  /** How far, in the unit of `pcm`, two runs of it over the same sound may be apart. 0 for all but some of mpg123's. */
  readonly noise: number
  /** What the files give, one after another. */
  decode(paths: readonly string[]): Promise<Buffer>
}

/** How far one sound is from another. */
export interface Difference {
  /** Samples (of all channels) that one has and the other has not. */
  readonly length: number
  /** Samples that are not the same. */
  readonly differing: number
  /** The largest distance between two of them; in 16 bits: least significant bits. */
  readonly most: number
}

/** Every program that can be asked about a kind of stream. */
export function decodersFor(kind: StreamKind): Decoder[] {
  const decoders = [byFfmpeg(kind.pcm)]
  if (kind.extension === '.mp3') decoders.push(byMpg123(kind.rateHz === 44100 && kind.channels === 2))
  if (kind.extension === '.ogg') decoders.push(fileByFile('oggdec', ['-Q', '-R', '-o', '{out}', '{in}']))
  if (kind.extension === '.opus') {
    decoders.push(fileByFile('opusdec', ['--quiet', '--rate', '48000', '--no-dither', '{in}', '{out}']))
  }
  if (kind.extension === '.flac' && kind.bits === 16) decoders.push(fileByFile('flac', flacArgs))
  if (kind.extension === '.oga') decoders.push(fileByFile('flac', ['--ogg', ...flacArgs]))
  return decoders
}

/** Programs that {@link decodersFor} may ask. */
export const DECODER_TOOLS = ['ffmpeg', 'mpg123', 'oggdec', 'opusdec', 'flac']

const flacArgs = '-d -s -f --force-raw-format --endian=little --sign=signed -o {out} {in}'.split(' ')

/** Compares two sounds, sample by sample. */
export function difference(pcm: StreamKind['pcm'], one: Buffer, other: Buffer): Difference {
  const [left, right] = [samplesOf(pcm, one), samplesOf(pcm, other)]
  let differing = 0
  let most = 0
  for (let index = 0; index < Math.min(left.length, right.length); index++) {
    const distance = Math.abs(left[index] - right[index])
    if (distance === 0) continue
    differing++
    most = Math.max(most, distance)
  }
  return { length: left.length - right.length, differing, most }
}

/** Raw PCM as numbers. */
export function samplesOf(pcm: StreamKind['pcm'], bytes: Buffer): Int16Array | Int32Array | Float32Array {
  const copy = Uint8Array.from(bytes).buffer
  return pcm === 's16le' ? new Int16Array(copy) : pcm === 's32le' ? new Int32Array(copy) : new Float32Array(copy)
}

/** Starting ffmpeg costs more than decoding: many files at once. */
const FILES_AT_ONCE = 40

/** ffmpeg, in the sample format given. */
function byFfmpeg(pcm: StreamKind['pcm']): Decoder {
  return {
    name: 'ffmpeg',
    pcm,
    noise: 0,
    async decode(paths) {
      const decoded: Buffer[] = []
      for (let at = 0; at < paths.length; at += FILES_AT_ONCE) {
        const some = paths.slice(at, at + FILES_AT_ONCE)
        const inputs = some.flatMap((path) => [...told(path), '-threads', '1', '-i', path])
        const outputs = some.flatMap((path, index) => ['-map', `${index}:a`, '-f', pcm, rawOf(path)])
        await run('ffmpeg', ['-nostdin', '-y', '-v', 'error', ...inputs, ...outputs])
        decoded.push(...some.map(takeRaw))
      }
      return Buffer.concat(decoded)
    },
  }
}

/**
 * ffmpeg guesses by content. MP3 of fewer than seven frames, hidden ones included, it takes for H.263 as soon as audio data
 * look like one start code of it: one in 80 files of up to three frames (measured). Longer ones are never in doubt.
 */
function told(path: string): string[] {
  return path.endsWith('.mp3') ? ['-f', 'mp3'] : []
}

/**
 * mpg123 adds up in an order that depends on where in its ring the filter bank stands, which differs by where decoding began:
 * its floats then differ by up to 0.004 of a 16-bit step (measured), and one sample in 20,000 is rounded to the other side. Only
 * its filter bank for 16-bit stereo is free of that.
 */
function byMpg123(stereo: boolean): Decoder {
  return {
    name: 'mpg123',
    pcm: stereo ? 's16le' : 'f32le',
    noise: stereo ? 0 : 0.01 / 32768,
    decode: (paths) => run('mpg123', [...(stereo ? [] : ['-e', 'f32']), '-q', '-s', ...paths]),
  }
}

function fileByFile(name: string, args: readonly string[]): Decoder {
  return {
    name,
    pcm: 's16le',
    noise: 0,
    async decode(paths) {
      const decoded: Buffer[] = []
      for (const path of paths) {
        await run(
          name,
          args.map((arg) => arg.replace('{in}', path).replace('{out}', rawOf(path))),
        )
        decoded.push(takeRaw(path))
      }
      return Buffer.concat(decoded)
    },
  }
}

function takeRaw(path: string): Buffer {
  const pcm = readFileSync(rawOf(path))
  rmSync(rawOf(path))
  return pcm
}

function rawOf(path: string): string {
  return `${path}.pcm`
}

/** A decoder that says anything has found a fault. */
async function run(command: string, args: readonly string[]): Promise<Buffer> {
  const { exitCode, stdout, output } = await runTool(command, args)
  const said = output.length > stdout.length ? output.slice(-400) : ''
  if (exitCode !== 0 || said !== '')
    throw new Error(`${command} ${args.slice(-2).join(' ')}: exit ${exitCode}: ${said}`)
  return stdout
}
