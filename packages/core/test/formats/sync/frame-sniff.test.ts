import { expect, it } from 'vitest'
import { describeWithTools } from '../../../../../tests/e2e/rig/require-tool.js'
import { aacFormat } from '../../../src/formats/aac/index.js'
import { mp3Format } from '../../../src/formats/mpeg/index.js'
import { encodeAac, encodeAs, encodeMp3 } from '../support/encoded.js'
import { join, randomIntegers } from '../support/framing.js'

const HEAD_BYTES = 16_384
const random = randomIntegers(21)
const noise = (length: number) => Uint8Array.from({ length }, () => random(256))
const mp3s = [
  encodeMp3('-b:a 128k'),
  encodeMp3('-q:a 4'),
  encodeMp3('-b:a 320k', { rateHz: 48000 }),
  encodeMp3('-b:a 16k', { rateHz: 16000, channels: 1, seconds: 9 }),
]
const aacs = [encodeAac(), encodeAac({ rateHz: 22050, channels: 1, seconds: 8 })]
const cases = [
  ...mp3s.map((stream) => ({ stream, own: mp3Format, alien: aacFormat })),
  ...aacs.map((stream) => ({ stream, own: aacFormat, alien: mp3Format })),
]

describeWithTools(['ffmpeg'], 'sniff of MP3 and ADTS', () => {
  it('is sure of a stream from its first frame on, even in a short head', () => {
    for (const { stream, own, alien } of cases) {
      for (const length of [4096, 8192, HEAD_BYTES]) {
        expect(own.sniff(stream.subarray(0, length))).toBeGreaterThan(0.9)
        expect(alien.sniff(stream.subarray(0, length))).toBe(0)
      }
    }
  })

  it('is confident of a stream joined midway, wherever', () => {
    for (const { stream, own, alien } of cases) {
      for (let round = 0; round < 40; round++) {
        const start = random(stream.length - HEAD_BYTES)
        const head = stream.subarray(start, start + HEAD_BYTES)
        expect(own.sniff(head)).toBeGreaterThan(0.6)
        expect(alien.sniff(head)).toBeLessThan(0.1)
      }
    }
  })

  it('sees through damage and garbage before the stream', () => {
    for (const { stream, own, alien } of cases) {
      const head = join(noise(3000), stream.subarray(0, 6000), noise(500), stream.subarray(7000)).subarray(
        0,
        HEAD_BYTES,
      )
      expect(own.sniff(head)).toBeGreaterThan(0.4)
      expect(alien.sniff(head)).toBeLessThan(0.1)
    }
  })

  it('looks behind tags', () => {
    const tag = join('ID3\x04\0\0\0\0\x10\0', new Uint8Array(2048))
    for (const { stream, own, alien } of cases) {
      expect(own.sniff(join(tag, tag, stream).subarray(0, HEAD_BYTES))).toBeGreaterThan(0.9)
      expect(alien.sniff(join(tag, tag, stream).subarray(0, HEAD_BYTES))).toBe(0)
    }
    // a picture that fills the head: either may follow, MP3 is likelier
    const picture = join('ID3\x03\0\0\0\x7f\0\0', noise(HEAD_BYTES)).subarray(0, HEAD_BYTES)
    expect(mp3Format.sniff(picture)).toBeGreaterThan(aacFormat.sniff(picture))
    expect(aacFormat.sniff(picture)).toBeGreaterThan(0.5)
  })

  it('claims nothing else', () => {
    const others = {
      ogg: encodeAs('-c:a libvorbis -f ogg'),
      opus: encodeAs('-c:a libopus -f ogg'),
      flac: encodeAs('-c:a flac -f flac'),
      wav: encodeAs('-f wav'),
      wavOfMp3: encodeAs('-c:a libmp3lame -f wav'),
      mp2: encodeAs('-c:a mp2 -f mp2'),
      ac3: encodeAs('-c:a ac3 -f ac3'),
      ts: encodeAs('-c:a aac -f mpegts'),
      tsOfMp3: encodeAs('-c:a libmp3lame -f mpegts'),
      matroska: encodeAs('-c:a libmp3lame -f matroska'),
      flv: encodeAs('-ar 44100 -c:a libmp3lame -f flv'),
      latm: encodeAs('-c:a aac -f latm'),
      noise: noise(HEAD_BYTES),
      zeros: new Uint8Array(HEAD_BYTES),
      ones: new Uint8Array(HEAD_BYTES).fill(0xff),
      html: join('<!DOCTYPE html><html>' + '<p>ID3 TAG text</p>'.repeat(900)),
      playlist: join('#EXTM3U\nhttp://example.org/\n'),
      empty: new Uint8Array(0),
    }
    for (const [name, bytes] of Object.entries(others)) {
      for (const format of [mp3Format, aacFormat]) {
        const confidence = format.sniff(bytes.subarray(0, HEAD_BYTES))
        expect({ name, format: format.name, confidence: confidence < 0.25 }).toMatchObject({ confidence: true })
      }
    }
  })
})
