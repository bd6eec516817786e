import { IsrError } from '../../errors.js'
import type { HeaderCapture } from '../../formats/header-capture.js'
import { WavHeader } from '../../formats/wav/header.js'
import { bytesPerSample } from '../../formats/wav/layout.js'
import type { SampleFormat } from '../../model.js'
import type { SpanDecoder } from './span-decoder.js'

type Reader = (view: DataView, at: number) => number

/** How a sample of each format becomes one of full scale -1 to 1. */
const READERS: Readonly<Record<SampleFormat, Reader>> = {
  s16: (view, at) => view.getInt16(at, true) / 0x8000,
  s24: (view, at) => (view.getUint16(at, true) | (view.getInt8(at + 2) << 16)) / 0x800000,
  s32: (view, at) => view.getInt32(at, true) / 0x80000000,
  f32: (view, at) => view.getFloat32(at, true),
}

/** PCM frames, in our own code. */
export function openPcm(header: HeaderCapture): SpanDecoder {
  if (!(header instanceof WavHeader)) throw new IsrError('ISR_DECODE_FAILED', `no PCM: ${header.format}`)
  const { channels, sampleFormat } = header.layout
  const bytes = bytesPerSample(sampleFormat)
  const read = READERS[sampleFormat]
  return {
    decode(span) {
      const view = new DataView(span.bytes.buffer, span.bytes.byteOffset, span.bytes.byteLength)
      const planes = Array.from({ length: channels }, () => new Float32Array(span.frames))
      for (let frame = 0, at = 0; frame < span.frames; frame++) {
        for (let channel = 0; channel < channels; channel++, at += bytes) planes[channel][frame] = read(view, at)
      }
      return Promise.resolve(planes)
    },
    end: () => Promise.resolve([]),
    close: () => {},
  }
}
