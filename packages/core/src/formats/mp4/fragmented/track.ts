import { parseFrameHeader } from '../../aac/frame-header.js'
import { AacHeaderCapture } from '../../aac/header.js'
import { FlacHeader } from '../../flac/header.js'
import { BLOCK_TYPE, buildMetadataBlock } from '../../flac/blocks/metadata-block.js'
import { buildFlacStreamInfo, type FlacStreamInfo } from '../../flac/blocks/streaminfo.js'
import type { FrameSpan } from '../../frame-span.js'
import type { HeaderCapture } from '../../header-capture.js'
import { readOggStreamInfo } from '../../ogg/codecs/flac.js'
import { audioSpecificConfig } from '../audio-specific-config.js'
import { fullBox, box } from '../box.js'
import { audioSampleEntry, elementaryStream } from '../sample-entry.js'

/** How frames of one codec stand in an MP4 file. */
export interface Track {
  /** As browsers are asked whether they can play it. @source RFC 6381 */
  readonly codec: string
  /** Counts of samples are in this. */
  readonly sampleRateHz: number
  /** Configures the decoder. */
  readonly sampleEntry: Uint8Array
  /** What of a frame goes into the file. */
  payload(frame: Uint8Array): Uint8Array
}

const WHOLE = (frame: Uint8Array) => frame
const OPUS_HEAD_BYTES = 19
const NO_RATES = { largestBytes: 0xffff, maxBps: 0, meanBps: 0 }

/** The track for such a stream, which begins with `first`; undefined when browsers take this codec in no MP4 file. */
export function trackFor(header: HeaderCapture, first: FrameSpan): Track | undefined {
  const { codec } = header.info
  if (codec === 'opus') return opusTrack(header)
  if (codec === 'flac')
    return flacTrack(header, header instanceof FlacHeader ? header.streamInfo : readOggStreamInfo(header.packets[0]))
  return header instanceof AacHeaderCapture ? aacTrack(header, first) : undefined
}

/** @source Encapsulation of Opus in ISO Base Media File Format §4.3.2: as in Ogg, but the high byte first */
function opusTrack({ packets: [head], info }: HeaderCapture): Track {
  const config = new Uint8Array(head.length - 8)
  config.set(head.subarray(8))
  config[0] = 0 // version
  const from = new DataView(head.buffer, head.byteOffset, OPUS_HEAD_BYTES)
  const to = new DataView(config.buffer)
  to.setUint16(2, from.getUint16(10, true))
  to.setUint32(4, from.getUint32(12, true))
  to.setInt16(8, from.getInt16(16, true))
  const { sampleRateHz, channels } = info
  const sampleEntry = audioSampleEntry('Opus', { sampleRateHz, channels }, box('dOps', config))
  return { codec: 'opus', sampleRateHz, sampleEntry, payload: WHOLE }
}

/** @source Encapsulation of FLAC in ISO Base Media File Format §3.3.2 */
function flacTrack({ info }: HeaderCapture, streamInfo: FlacStreamInfo | undefined): Track | undefined {
  if (!streamInfo) return undefined
  const { sampleRateHz, channels } = info
  const unknown = { minFrameBytes: 0, maxFrameBytes: 0, totalSamples: 0, md5: new Uint8Array(16) }
  const block = buildMetadataBlock(BLOCK_TYPE.streamInfo, buildFlacStreamInfo({ ...streamInfo, ...unknown }), true)
  const facts = { sampleRateHz, channels, bitsPerSample: streamInfo.bitsPerSample }
  const sampleEntry = audioSampleEntry('fLaC', facts, fullBox('dfLa', 0, 0, block))
  return { codec: 'flac', sampleRateHz, sampleEntry, payload: WHOLE }
}

/** Undefined too where frames hold several blocks, which MP4 has no place for. */
function aacTrack(header: AacHeaderCapture, first: FrameSpan): Track | undefined {
  const { sampleRateHz, channels } = header.info
  const frame = header.channelFrame ?? first.frame(0)
  const config = header.first.samples === 1024 ? audioSpecificConfig(header.first, frame) : undefined
  if (!config) return undefined
  const sampleEntry = audioSampleEntry('mp4a', { sampleRateHz, channels }, elementaryStream(config, NO_RATES))
  const payload = (bytes: Uint8Array) => bytes.subarray(parseFrameHeader(bytes)?.rawDataOffset ?? 0)
  return { codec: `mp4a.40.${header.first.objectType}`, sampleRateHz, sampleEntry, payload }
}
