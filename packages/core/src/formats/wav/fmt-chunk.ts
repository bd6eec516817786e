import type { PcmLayout, SampleFormat } from '../../model.js'
import { WavHeader } from './header.js'
import { bytesPerSample, MAX_CHANNELS } from './layout.js'

const PCM = 1
const IEEE_FLOAT = 3
const EXTENSIBLE = 0xfffe
const EXTENSIBLE_BYTES = 40
/** Every known sub-format is a format tag before this tail. */
const SUBFORMAT_TAIL = Uint8Array.of(0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, 0x71)
/** The longest `fmt ` chunk that makes sense. */
export const MAX_FMT_BYTES = 1024

/**
 * Reads the body of a `fmt ` chunk. PCM of 16, 24 and 32 bits and 32-bit float are recorded; 8-bit (which is unsigned),
 * 64-bit, A-law, mu-law, ADPCM and more than 8 channels are refused, never converted.
 * @returns the header, or what stands there in a few words
 * @source Multimedia Programming Interface and Data Specifications 1.0, "WAVE"; Microsoft WAVEFORMATEXTENSIBLE
 */
export function parseFmt(chunk: Uint8Array): WavHeader | string {
  const body = chunk.subarray(8)
  if (body.length < 16) return 'a WAV header that is cut short'
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength)
  const channels = view.getUint16(2, true)
  const sampleRateHz = view.getUint32(4, true)
  const blockAlign = view.getUint16(12, true)
  const bits = view.getUint16(14, true)
  const extensible = view.getUint16(0, true) === EXTENSIBLE && body.length >= EXTENSIBLE_BYTES
  if (extensible && !SUBFORMAT_TAIL.every((byte, index) => body[26 + index] === byte))
    return 'WAV audio of an unknown codec'
  const tag = view.getUint16(extensible ? 24 : 0, true)
  const sampleFormat = sampleFormatOf(tag, blockAlign / channels)
  if (sampleFormat === undefined) return `WAV audio with ${codecName(tag)} samples of ${bits} bits`
  if (channels > MAX_CHANNELS) return `WAV audio with ${channels} channels`
  if (sampleRateHz === 0) return 'WAV audio without a sample rate'
  const layout = { sampleRateHz, channels, sampleFormat }
  const validBits = extensible ? view.getUint16(18, true) : bits
  const channelMask = extensible ? view.getUint32(20, true) : undefined
  return new WavHeader({
    layout,
    packets: [chunk],
    ...(validBits > 0 && validBits <= 8 * bytesPerSample(sampleFormat) && { validBits }),
    ...(channelMask !== undefined && { channelMask }),
  })
}

/**
 * A `fmt ` chunk with its chunk header. Plain up to 2 channels of 16 bits and for float; EXTENSIBLE beyond, as Microsoft asks.
 */
export function buildFmt(header: WavHeader): Uint8Array {
  const { sampleRateHz, channels, sampleFormat } = header.layout
  const bytes = bytesPerSample(sampleFormat)
  const float = sampleFormat === 'f32'
  const extensible = channels > 2 || (!float && (bytes > 2 || header.validBits < 8 * bytes))
  const size = extensible ? EXTENSIBLE_BYTES : float ? 18 : 16
  const chunk = new Uint8Array(8 + size)
  chunk.set([0x66, 0x6d, 0x74, 0x20])
  const view = new DataView(chunk.buffer)
  const tag = float ? IEEE_FLOAT : PCM
  view.setUint32(4, size, true)
  view.setUint16(8, extensible ? EXTENSIBLE : tag, true)
  view.setUint16(10, channels, true)
  view.setUint32(12, sampleRateHz, true)
  view.setUint32(16, sampleRateHz * channels * bytes, true)
  view.setUint16(20, channels * bytes, true)
  view.setUint16(22, 8 * bytes, true)
  if (!extensible) return chunk
  view.setUint16(24, EXTENSIBLE_BYTES - 18, true)
  view.setUint16(26, header.validBits, true)
  view.setUint32(28, header.channelMask, true)
  view.setUint16(32, tag, true)
  chunk.set(SUBFORMAT_TAIL, 34)
  return chunk
}

function sampleFormatOf(tag: number, bytes: number): SampleFormat | undefined {
  if (tag === IEEE_FLOAT) return bytes === 4 ? 'f32' : undefined
  if (tag !== PCM) return undefined
  const formats: Readonly<Record<number, PcmLayout['sampleFormat']>> = { 2: 's16', 3: 's24', 4: 's32' }
  return formats[bytes]
}

function codecName(tag: number): string {
  const names: Readonly<Record<number, string>> = {
    [PCM]: 'PCM',
    2: 'ADPCM',
    [IEEE_FLOAT]: 'float',
    6: 'A-law',
    7: 'mu-law',
  }
  return names[tag] ?? `codec 0x${tag.toString(16)}`
}
