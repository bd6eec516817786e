import type { Planes } from '../../decoders/decoder.js'
import type { SampleFormat } from '../../model.js'
import { planeSamples } from './planes.js'

/** Sample formats that decoded audio is written in. */
export type WrittenFormat = Exclude<SampleFormat, 's32'>

/** Planes as interleaved little-endian PCM: integers by rounding, and what is beyond full scale becomes full scale. */
export function pcmBytes(planes: Planes, sampleFormat: WrittenFormat): Uint8Array {
  if (sampleFormat === 'f32') return floatBytes(planes)
  return sampleFormat === 's16' ? integerBytes(planes, 2) : integerBytes(planes, 3)
}

function integerBytes(planes: Planes, bytesPerSample: number): Uint8Array {
  const samples = planeSamples(planes)
  const bytes = new Uint8Array(samples * planes.length * bytesPerSample)
  const scale = 2 ** (8 * bytesPerSample - 1)
  const step = planes.length * bytesPerSample
  for (const [channel, plane] of planes.entries()) {
    for (let index = 0, at = channel * bytesPerSample; index < samples; index++, at += step) {
      // NaN, which a float file may hold, becomes 0
      let value = Math.max(-scale, Math.min(scale - 1, Math.round(plane[index] * scale))) | 0
      for (let byte = 0; byte < bytesPerSample; byte++, value >>= 8) bytes[at + byte] = value
    }
  }
  return bytes
}

function floatBytes(planes: Planes): Uint8Array {
  const samples = planeSamples(planes)
  const view = new DataView(new ArrayBuffer(samples * planes.length * 4))
  for (const [channel, plane] of planes.entries()) {
    for (let index = 0; index < samples; index++) {
      view.setFloat32((index * planes.length + channel) * 4, plane[index], true)
    }
  }
  return new Uint8Array(view.buffer)
}
