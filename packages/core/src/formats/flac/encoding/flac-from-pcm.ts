import type { PcmEncoding } from '../../../encoders/encoder.js'
import { IsrError } from '../../../errors.js'
import type { Format } from '../../format.js'
import type { HeaderCapture } from '../../header-capture.js'
import { WavHeader } from '../../wav/header.js'
import { wavFormat } from '../../wav/index.js'
import { EncodedFlacHeader } from './encoded-header.js'
import { FlacEncodingMuxer } from './encoding-muxer.js'

/**
 * PCM and WAV in, FLAC files out: takes the place of the format `wav`, whose name it has, because that is what it reads. It cuts
 * at any sample, as that one does.
 */
export function flacFromPcm(encoding: PcmEncoding): Format {
  return {
    ...wavFormat,
    fileHeader: (header) => new EncodedFlacHeader(pcmHeader(header), encoding),
    createMuxer: (header, context) => new FlacEncodingMuxer(header, context),
  }
}

function pcmHeader(header: HeaderCapture): WavHeader {
  if (header instanceof WavHeader) return header
  throw new IsrError('ISR_ARGUMENT_INVALID', `header: FLAC is made from PCM, not from ${header.format}`)
}
