import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crc16 } from '../../../../src/bytes/crc/crc16.js'
import { crc8 } from '../../../../src/bytes/crc/crc8.js'
import { flacFormat } from '../../../../src/formats/flac/index.js'
import { parseFlacFrameHeader, writeFlacNumber } from '../../../../src/formats/flac/frame-header.js'
import { frameBytes } from '../../support/frame-bytes.js'

/** Programs that these tests call. */
export const FLAC_TOOLS = ['flac', 'metaflac', 'ffmpeg']

/** How raw PCM is laid out. */
export interface RawLayout {
  readonly channels: number
  readonly bits: number
  readonly rate?: number
}

/** A folder of its own; `remove` it at the end. */
export function createFolder() {
  const path = mkdtempSync(join(tmpdir(), 'isr-flac-'))
  return { file: (name: string) => join(path, name), remove: () => rmSync(path, { recursive: true, force: true }) }
}

/** The reference encoder's FLAC of raw PCM. */
export function encodeFlac(pcm: Uint8Array, layout: RawLayout, ...options: string[]): Uint8Array {
  const { channels, bits, rate = 44100 } = layout
  const raw = ['--force-raw-format', '--endian=little', '--sign=signed', `--channels=${channels}`, `--bps=${bits}`]
  const whole = bits % 8 === 0
  const args = ['-s', '-c', ...(whole ? [...raw, `--sample-rate=${rate}`] : []), ...options, '-']
  const input = whole ? pcm : wavOf(pcm, layout)
  return new Uint8Array(execFileSync('flac', args, { input, stdio: 'pipe', maxBuffer: 1 << 28 }))
}

/** A WAV whose samples leave the low bits of their bytes empty: the encoder takes odd sizes in no other way. */
function wavOf(pcm: Uint8Array, { channels, bits, rate = 44100 }: RawLayout): Uint8Array {
  const bytes = Math.ceil(bits / 8)
  const head = Buffer.alloc(68)
  head.write('RIFF')
  head.writeUInt32LE(60 + pcm.length, 4)
  head.write('WAVEfmt ', 8)
  head.writeUInt32LE(40, 16)
  head.writeUInt16LE(0xfffe, 20)
  head.writeUInt16LE(channels, 22)
  head.writeUInt32LE(rate, 24)
  head.writeUInt32LE(rate * channels * bytes, 28)
  head.writeUInt16LE(channels * bytes, 32)
  head.writeUInt16LE(8 * bytes, 34)
  head.writeUInt16LE(22, 36)
  head.writeUInt16LE(bits, 38)
  head.writeUInt32LE(3, 40)
  head.write('0100000000001000800000aa00389b71', 44, 'hex')
  head.write('data', 60)
  head.writeUInt32LE(pcm.length, 64)
  const shifted = Buffer.from(pcm)
  for (let at = 0; at < shifted.length; at += bytes) {
    shifted.writeIntLE((shifted.readIntLE(at, bytes) << (32 - bits)) >> (32 - 8 * bytes), at, bytes)
  }
  return Buffer.concat([head, shifted])
}

/** The reference decoder's PCM of a FLAC file. It must say nothing. */
export function decodeFlac(flac: Uint8Array): Uint8Array {
  const args = ['-s', '-d', '-c', '--force-raw-format', '--endian=little', '--sign=signed', '-']
  return new Uint8Array(execFileSync('flac', args, { input: flac, stdio: 'pipe', maxBuffer: 1 << 28 }))
}

/** ffmpeg's FLAC of raw 16-bit PCM. */
export function encodeWithFfmpeg(pcm: Uint8Array, channels: number, ...options: string[]): Uint8Array {
  const folder = createFolder()
  writeFileSync(folder.file('in.raw'), pcm)
  const input = ['-v', 'error', '-f', 's16le', '-ar', '44100', '-ac', String(channels), '-i', folder.file('in.raw')]
  execFileSync('ffmpeg', [...input, '-c:a', 'flac', ...options, folder.file('out.flac')], { stdio: 'ignore' })
  const flac = new Uint8Array(readFileSync(folder.file('out.flac')))
  folder.remove()
  return flac
}

/** The frames of a FLAC file, without its head. */
export function framesOf(flac: Uint8Array): Uint8Array[] {
  return frameBytes(flacFormat.createFramer, flac).frames.map((frame) => new Uint8Array(Buffer.from(frame, 'latin1')))
}

/** Where the first frame of a FLAC file starts. */
export function headBytes(flac: Uint8Array): number {
  let at = 4
  for (let last = false; !last;) {
    last = flac[at] >= 0x80
    at += 4 + ((flac[at + 1] << 16) | (flac[at + 2] << 8) | flac[at + 3])
  }
  return at
}

/** A frame under another number, all checksums computed anew; `variable` makes it a frame of a variable-block-size stream. */
export function restamp(frame: Uint8Array, number: number, variable: boolean): Uint8Array {
  const header = parseFlacFrameHeader(frame)!
  const coded = new Uint8Array(7)
  const length = writeFlacNumber(coded, 0, number)
  const head = [
    frame[0],
    (frame[1] & 0xfe) | (variable ? 1 : 0),
    frame[2],
    frame[3],
    ...coded.subarray(0, length),
    ...frame.subarray(4 + header.numberBytes, header.headerBytes - 1),
  ]
  head.push(crc8(Uint8Array.from(head)))
  const whole = Buffer.concat([Uint8Array.from(head), frame.subarray(header.headerBytes, -2)])
  const crc = crc16(whole)
  return new Uint8Array(Buffer.concat([whole, Uint8Array.of(crc >> 8, crc & 255)]))
}

/** Bytes in one piece. */
export function joinBytes(...parts: readonly (Uint8Array | readonly Uint8Array[])[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts.flatMap((part) => (part instanceof Uint8Array ? [part] : part))))
}
