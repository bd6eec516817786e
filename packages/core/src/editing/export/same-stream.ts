import { AacHeaderCapture } from '../../formats/aac/header.js'
import type { HeaderCapture } from '../../formats/header-capture.js'
import { Mp3HeaderCapture } from '../../formats/mpeg/header.js'
import { WavHeader } from '../../formats/wav/header.js'
import { flacStreamInfo } from '../decode/flac-stream-info.js'

/** Where the header of Opus has what may differ: pre-skip and the rate before encoding. @source RFC 7845 §5.1 */
const OPUS_OWN = { startByte: 10, endByte: 16 }
const VORBIS_SETUP = 5
/** Whether the frames of both decode under the header of one of them: then they can be one file. */
export function sameStream(one: HeaderCapture, other: HeaderCapture): boolean {
  const { info } = one
  const alike =
    one.format === other.format &&
    info.codec === other.info.codec &&
    info.sampleRateHz === other.info.sampleRateHz &&
    info.channels === other.info.channels
  return alike && sameDetails(one, other)
}

/** `Ogg Vorbis, 44100 Hz, 2 channels`, for people. */
export function streamName({ format, info }: HeaderCapture): string {
  const codec = format === info.codec ? format : `${format} ${info.codec}`
  return `${codec} of ${info.sampleRateHz} Hz and ${info.channels} channel${info.channels === 1 ? '' : 's'}`
}

function sameDetails(one: HeaderCapture, other: HeaderCapture): boolean {
  if (one instanceof Mp3HeaderCapture && other instanceof Mp3HeaderCapture)
    return one.first.version === other.first.version
  if (one instanceof AacHeaderCapture && other instanceof AacHeaderCapture) {
    return one.first.objectType === other.first.objectType
  }
  if (one instanceof WavHeader && other instanceof WavHeader) {
    return one.layout.sampleFormat === other.layout.sampleFormat && one.validBits === other.validBits
  }
  if (one.info.codec === 'flac') return sameFlac(one, other)
  return sameOgg(one, other)
}

/** Blocks may be of any size: where they differ frames carry sample numbers. */
function sameFlac(one: HeaderCapture, other: HeaderCapture): boolean {
  const [a, b] = [flacStreamInfo(one), flacStreamInfo(other)]
  return a !== undefined && b !== undefined && a.bitsPerSample === b.bitsPerSample
}

function sameOgg(one: HeaderCapture, other: HeaderCapture): boolean {
  const [a, b] = [one.packets[0], other.packets[0]]
  if (one.info.codec === 'opus') {
    const { startByte, endByte } = OPUS_OWN
    return same(a.subarray(0, startByte), b.subarray(0, startByte)) && same(a.subarray(endByte), b.subarray(endByte))
  }
  const setup = ({ packets }: HeaderCapture) =>
    packets.find((packet) => packet[0] === VORBIS_SETUP) ?? new Uint8Array(0)
  return same(a, b) && same(setup(one), setup(other))
}

function same(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index])
}
