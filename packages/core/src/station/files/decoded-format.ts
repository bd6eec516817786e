import { flacEncoding } from '../../encoders/flac/flac-encoding.js'
import { IsrError } from '../../errors.js'
import type { Format } from '../../formats/format.js'
import { flacFromPcm } from '../../formats/flac/encoding/flac-from-pcm.js'
import { WavHeader } from '../../formats/wav/header.js'
import { wavFormat } from '../../formats/wav/index.js'

/** What an export may be decoded to. */
export type DecodedFormat = 'wav' | 'flac'

/** Makes such files of decoded audio. */
export function decodedFormat(name: DecodedFormat): Pick<Format, 'name' | 'createMuxer'> {
  if (name === 'wav') return wavFormat
  const encoding = flacEncoding()
  const flac = flacFromPcm(encoding)
  return {
    name,
    createMuxer(header, context) {
      if (header instanceof WavHeader && encoding.refusal(header.layout) !== undefined) {
        const { sampleFormat, sampleRateHz, channels } = header.layout
        const what = `${channels} channels of ${sampleFormat} at ${sampleRateHz} Hz`
        throw new IsrError('ISR_ARGUMENT_INVALID', `FLAC cannot hold ${what}: decode to wav instead`)
      }
      return flac.createMuxer(flac.fileHeader!(header), context)
    },
  }
}
