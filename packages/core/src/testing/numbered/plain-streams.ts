import { BitWriter } from '../../bytes/bit-writer.js'
import { concatBytes } from '../../bytes/concat.js'
import { fillMarked } from './mark.js'
import { NumberedStream, type StablePart } from './numbered-stream.js'

/** MPEG-1 layer III without CRC, 128 kb/s, 48 kHz, stereo: frames of 384 bytes. @source ISO 11172-3 §2.4.1.3 */
const MP3_HEADER = [0xff, 0xfb, 0x94, 0x04]
const MP3_FRAME_BYTES = 384
/** Header and side information that is all zero: no main data, so everything behind it is ancillary. @source ISO 11172-3 §2.4.1.7 */
const MP3_MARK_AT = 4 + 32

/** MP3: silent frames whose ancillary data is the number. */
export class NumberedMp3 extends NumberedStream {
  readonly format = 'mp3'
  readonly contentType = 'audio/mpeg'
  readonly sampleRateHz = 48_000
  readonly samplesPerFrame = 1152
  readonly framesPerUnit = 1

  head(): Uint8Array {
    return new Uint8Array(0)
  }

  frame(number: number): Uint8Array {
    const frame = new Uint8Array(MP3_FRAME_BYTES)
    frame.set(MP3_HEADER)
    fillMarked(frame, MP3_MARK_AT, frame.length, { station: this.station, number })
    return frame
  }

  stablePart(number: number): StablePart {
    return { bytes: this.frame(number), markAt: MP3_MARK_AT }
  }
}

const ADTS_HEADER_BYTES = 7
/** AAC LC (object type 2), 48 kHz (index 3), one channel. */
const ADTS_MONO_48K = [0xff, 0xf1, (1 << 6) | (3 << 2), 1 << 6]
const DATA_STREAM_BYTES = 200
/** Identifier, tag and alignment flag of the data stream element make one byte, its count another. */
const ADTS_MARK_AT = ADTS_HEADER_BYTES + 2

/** AAC in ADTS: silent frames with a data stream element that holds the number. @source ISO 14496-3 §4.4.2.1 */
export class NumberedAac extends NumberedStream {
  readonly format = 'aac'
  readonly contentType = 'audio/aac'
  readonly sampleRateHz = 48_000
  readonly samplesPerFrame = 1024
  readonly framesPerUnit = 1

  head(): Uint8Array {
    return new Uint8Array(0)
  }

  frame(number: number): Uint8Array {
    const silence = silentElement()
    const length = ADTS_MARK_AT + DATA_STREAM_BYTES + silence.length
    const frame = new Uint8Array(length)
    frame.set(ADTS_MONO_48K)
    frame[3] |= length >>> 11
    frame[4] = (length >>> 3) & 0xff
    // buffer fullness 0x7ff: variable rate
    frame[5] = ((length & 7) << 5) | 0x1f
    frame[6] = 0xfc
    const dataStreamElement = 4
    frame[ADTS_HEADER_BYTES] = dataStreamElement << 5
    frame[ADTS_HEADER_BYTES + 1] = DATA_STREAM_BYTES
    fillMarked(frame, ADTS_MARK_AT, ADTS_MARK_AT + DATA_STREAM_BYTES, { station: this.station, number })
    frame.set(silence, length - silence.length)
    return frame
  }

  stablePart(number: number): StablePart {
    return { bytes: this.frame(number), markAt: ADTS_MARK_AT }
  }
}

/** A single channel element without any band, and the end of the block. @source ISO 14496-3 §4.4.2.1, §4.4.2.7 */
function silentElement(): Uint8Array {
  const bits = new BitWriter()
  // single_channel_element 0, instance tag 0; global gain
  bits.write(0, 3 + 4)
  bits.write(100, 8)
  // ics_info: long window, sine, max_sfb 0, no predictor; no pulse, TNS or gain control
  bits.write(0, 1 + 2 + 1 + 6 + 1)
  bits.write(0, 3)
  const end = 7
  bits.write(end, 3)
  bits.align()
  return bits.bytes()
}

const WAV_RATE_HZ = 8000
const WAV_BLOCK_BYTES = 320

/** WAV that never ends, 8 kHz, 16 bits, mono: a number every 20 ms. A recorder may cut inside of such a block. */
export class NumberedWav extends NumberedStream {
  readonly format = 'wav'
  readonly contentType = 'audio/wav'
  readonly sampleRateHz = WAV_RATE_HZ
  readonly samplesPerFrame = WAV_BLOCK_BYTES / 2
  readonly framesPerUnit = 1

  head(): Uint8Array {
    const text = (words: string) => new TextEncoder().encode(words)
    const format = new Uint8Array(20)
    const view = new DataView(format.buffer)
    view.setUint32(0, 16, true)
    view.setUint16(4, 1, true)
    view.setUint16(6, 1, true)
    view.setUint32(8, WAV_RATE_HZ, true)
    view.setUint32(12, WAV_RATE_HZ * 2, true)
    view.setUint16(16, 2, true)
    view.setUint16(18, 16, true)
    const unknown = Uint8Array.of(255, 255, 255, 255)
    return concatBytes([text('RIFF'), unknown, text('WAVEfmt '), format, text('data'), unknown])
  }

  frame(number: number): Uint8Array {
    const block = new Uint8Array(WAV_BLOCK_BYTES)
    fillMarked(block, 0, block.length, { station: this.station, number })
    return block
  }

  stablePart(number: number): StablePart {
    return { bytes: this.frame(number), markAt: 0 }
  }
}
