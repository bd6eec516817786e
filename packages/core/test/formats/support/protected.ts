import { framesOf, frameAll } from './framing.js'
import { mp3Format } from '../../../src/formats/mpeg/index.js'

/**
 * An MP3 stream with a CRC in every frame, which no encoder at hand makes: the frames of MPEG-1 stereo without bit reservoir
 * (`-reservoir 0`), each at the next bitrate to make room. Judged by mp3check.
 * @source ISO 11172-3 §2.4.3.1
 */
export function withCrc(stream: Uint8Array): Uint8Array {
  const frames = framesOf(frameAll(mp3Format, stream)).map((frame) => {
    const bitrateIndex = (frame[2] >>> 4) + 1
    const kbps = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320][bitrateIndex]
    const wider = new Uint8Array(Math.floor((144 * kbps) / 44.1))
    wider.set([0xff, frame[1] & 0xfe, (bitrateIndex << 4) | (frame[2] & 0x0d), frame[3]])
    wider.set(frame.subarray(4), 6)
    let crc = 0xffff
    for (const byte of [...wider.subarray(2, 4), ...wider.subarray(6, 38)]) {
      crc ^= byte << 8
      for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? ((crc << 1) ^ 0x8005) & 0xffff : (crc << 1) & 0xffff
    }
    wider.set([crc >>> 8, crc & 0xff], 4)
    return wider
  })
  return Uint8Array.from(Buffer.concat(frames))
}
