import { afterAll, describe, expect, it } from 'vitest'
import { describeWithTools } from '../../../../../tests/e2e/rig/require-tool.js'
import { crc16Reflected } from '../../../src/bytes/crc/crc16.js'
import { parseFrameHeader } from '../../../src/formats/mpeg/frame-header.js'
import { infoFrame, isInfoFrame, type InfoFacts } from '../../../src/formats/mpeg/info-frame.js'
import { createFolder, encodeMp3File } from '../support/encoded.js'

const folder = createFolder()
afterAll(() => folder.remove())

/** Every kind of layer III header: versions 2.5, 2 and 1, rates, mono and stereo, with and without CRC, at 64 kb/s. */
const headers = [0, 2, 3].flatMap((version) =>
  [0, 1, 2].flatMap((rate) =>
    [0x00, 0xc0].flatMap((mode) =>
      [0, 1].map((unprotected) =>
        Uint8Array.of(0xff, 0xe2 | (version << 3) | unprotected, (version === 3 ? 0x50 : 0x80) | (rate << 2), mode),
      ),
    ),
  ),
)

const facts: InfoFacts = { vbr: false, delaySamples: 1775, paddingSamples: 529, musicCrc: 0x1234 }
const extent = { frames: 1000, bytes: 417000, toc: Uint8Array.from({ length: 100 }, (_, index) => index * 2) }

describeWithTools(['ffmpeg'], 'infoFrame', () => {
  it('is a whole frame of the stream that framers recognise, of one length whatever it says', () => {
    expect(headers.length).toBe(36)
    for (const header of headers) {
      const growing = infoFrame(header, facts)
      const closed = infoFrame(header, { ...facts, vbr: true, extent })
      expect(closed.length).toBe(growing.length)
      for (const frame of [growing, closed]) {
        const parsed = parseFrameHeader(frame)
        expect(parsed?.frameBytes).toBe(frame.length)
        expect(parsed?.sampleRateHz).toBe(parseFrameHeader(header)?.sampleRateHz)
        expect(isInfoFrame(frame, 0)).toBe(true)
      }
    }
  })

  it('puts delay and padding where readers look, and sums as ffmpeg does', () => {
    const file = encodeMp3File(folder.file('theirs.mp3'), '-b:a 128k')
    const at = Buffer.from(file).indexOf('Info') - 36
    const length = parseFrameHeader(file, at)?.frameBytes ?? 0
    const theirs = new DataView(file.buffer, file.byteOffset + at)
    expect(theirs.getUint16(36 + 120 + 32)).toBe(crc16Reflected(file, at + length))
    expect(theirs.getUint16(36 + 120 + 34)).toBe(crc16Reflected(file, at, at + 36 + 120 + 34))

    const ours = infoFrame(file.subarray(at, at + 4), { ...facts, extent })
    const view = new DataView(ours.buffer)
    expect(view.getUint16(36 + 120 + 32)).toBe(0x1234)
    expect(view.getUint16(36 + 120 + 34)).toBe(crc16Reflected(ours, 0, 36 + 120 + 34))
    const packed = (view.getUint8(177) << 16) | view.getUint16(178)
    expect([packed >>> 12, packed & 0xfff]).toEqual([1775, 529])
  })

  it('says no more bytes than 32 bits hold', () => {
    const frame = infoFrame(headers[0], { ...facts, extent: { ...extent, bytes: 2 ** 33 } })
    expect(Buffer.from(frame).includes(Buffer.of(0xff, 0xff, 0xff, 0xff))).toBe(true)
  })

  it('refuses what is no header', () => {
    expect(() => infoFrame(new Uint8Array(4), facts)).toThrow(RangeError)
  })
})

describe('isInfoFrame', () => {
  const frame = (fill: (bytes: Uint8Array) => void) => {
    const bytes = new Uint8Array(417)
    bytes.set([0xff, 0xfb, 0x90, 0x00])
    fill(bytes)
    return bytes
  }
  const text = (bytes: Uint8Array, at: number, words: string) => bytes.set(Buffer.from(words, 'latin1'), at)

  it('knows Xing, Info and VBRI where they belong', () => {
    expect(
      isInfoFrame(
        frame((bytes) => text(bytes, 36, 'Xing\0\0\0\x0f')),
        0,
      ),
    ).toBe(true)
    expect(
      isInfoFrame(
        frame((bytes) => text(bytes, 36, 'Info\0\0\0\x00')),
        0,
      ),
    ).toBe(true)
    expect(
      isInfoFrame(
        frame((bytes) => text(bytes, 36, 'VBRI\0\x01')),
        0,
      ),
    ).toBe(true)
  })

  it('knows it behind a CRC, and where a CRC is announced that has no room', () => {
    const guarded = (at: number) => frame((bytes) => (bytes.set([0xff, 0xfa]), text(bytes, at, 'Xing\0\0\0\x0f')))
    expect(isInfoFrame(guarded(38), 0)).toBe(true)
    expect(isInfoFrame(guarded(36), 0)).toBe(true)
  })

  it('takes no audio for it', () => {
    expect(
      isInfoFrame(
        frame((bytes) => text(bytes, 36, 'Xing\xff\x80\0\x0f')),
        0,
      ),
    ).toBe(false)
    expect(
      isInfoFrame(
        frame((bytes) => text(bytes, 40, 'Xing\0\0\0\x0f')),
        0,
      ),
    ).toBe(false)
    expect(
      isInfoFrame(
        frame((bytes) => text(bytes, 36, 'Xinf\0\0\0\x0f')),
        0,
      ),
    ).toBe(false)
    expect(
      isInfoFrame(
        frame(() => {}),
        0,
      ),
    ).toBe(false)
  })
})
