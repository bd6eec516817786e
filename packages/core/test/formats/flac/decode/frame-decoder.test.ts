import { expect, it } from 'vitest'
import { describeWithTools } from '../../../../../../tests/e2e/rig/require-tool.js'
import { FlacFrameDecoder } from '../../../../src/formats/flac/decode/frame-decoder.js'
import { parseFlacFrameHeader } from '../../../../src/formats/flac/frame-header.js'
import { parseFlacStreamInfo } from '../../../../src/formats/flac/blocks/streaminfo.js'
import { makePcm, type SignalKind } from '../../support/pcm.js'
import { encodeFlac, encodeWithFfmpeg, FLAC_TOOLS, framesOf } from '../support/encode.js'

const FRAMES = 20000

/** Our PCM of a FLAC file, all of whose frames must measure themselves rightly. */
function decodeAll(flac: Uint8Array): Uint8Array {
  const { bitsPerSample } = parseFlacStreamInfo(flac, 8)!
  const decoder = new FlacFrameDecoder()
  const parts: Uint8Array[] = []
  for (const frame of framesOf(flac)) {
    const header = parseFlacFrameHeader(frame)!
    const bits = header.bitsPerSample || bitsPerSample
    const pcm = decoder.decodePcm(frame, header, bits)
    if (!pcm) throw new Error(`frame ${header.number} was refused`)
    parts.push(pcm.slice())
    expect(decoder.measure(Buffer.concat([frame, frame]), header, bits)).toBe(frame.length)
    expect(decoder.measure(frame.subarray(0, frame.length - 3), header, bits)).toBe(0)
  }
  return new Uint8Array(Buffer.concat(parts))
}

describeWithTools(FLAC_TOOLS, 'FlacFrameDecoder', () => {
  const cases: [string, SignalKind, number, number, string[]][] = [
    ...['-0', '-1', '-2', '-3', '-4', '-5', '-6', '-7', '-8'].map(
      (level): [string, SignalKind, number, number, string[]] => [`level ${level}`, 'music', 2, 16, [level]],
    ),
    ['mono 8 bit', 'music', 1, 8, ['-5']],
    ['stereo 12 bit', 'music', 2, 12, ['-8']],
    ['stereo 20 bit', 'music', 2, 20, ['-8']],
    ['stereo 24 bit', 'music', 2, 24, ['-8', '-p']],
    ['stereo 32 bit', 'music', 2, 32, ['-8']],
    ['5.1 16 bit', 'music', 6, 16, ['-5']],
    ['8 channels 24 bit', 'music', 8, 24, ['-3']],
    ['silence', 'silence', 2, 16, ['-5']],
    ['noise: verbatim', 'noise', 2, 16, ['-5']],
    ['noise 24 bit', 'noise', 2, 24, ['-8', '-r', '8']],
    ['noise 32 bit', 'noise', 2, 32, ['-8']],
    ['full scale, channels opposed: 17-bit side', 'square', 2, 16, ['-8', '--mid-side']],
    ['full scale, channels opposed: 33-bit side', 'square', 2, 32, ['-8', '--mid-side']],
    ['wasted bits', 'wasted', 2, 16, ['-8']],
    ['wasted bits in 24', 'wasted', 2, 24, ['-8']],
    ['order 32', 'music', 2, 16, ['--lax', '-l', '32', '-b', '8192']],
    ['order 32 24 bit', 'music', 2, 24, ['--lax', '-l', '32', '-q', '15']],
    ['order 32 8 channels 32 bit', 'music', 8, 32, ['--lax', '-l', '32', '-b', '4096']],
    ['mono 24 bit order 9', 'music', 1, 24, ['-8', '-l', '9']],
    ['3 channels 24 bit', 'music', 3, 24, ['-6']],
    ['tiny blocks', 'music', 2, 16, ['--lax', '-b', '16', '-l', '0']],
    ['largest blocks', 'music', 2, 16, ['--lax', '-b', '65535', '-r', '15']],
    ['mid/side always', 'music', 2, 24, ['-5', '--mid-side']],
  ]
  it.each(cases)('decodes %s exactly', (_, kind, channels, bits, options) => {
    const pcm = makePcm(kind, FRAMES, channels, bits)
    const flac = encodeFlac(pcm, { channels, bits }, ...options)
    expect(Buffer.compare(decodeAll(flac), pcm)).toBe(0)
    const assignments = framesOf(flac).map((frame) => parseFlacFrameHeader(frame)!.channelAssignment)
    if (options.includes('--mid-side')) expect(Math.max(...assignments)).toBeGreaterThanOrEqual(8)
  })

  const order = (value: number) => ['-min_prediction_order', `${value}`, '-max_prediction_order', `${value}`]
  it.each([
    ...[0, 1, 2, 3, 4].map((value) => ['-lpc_type', 'fixed', ...order(value)]),
    ...[1, 7, 8, 9, 12, 13, 32].map((value) => ['-lpc_type', 'cholesky', '-strict', '-2', ...order(value)]),
    ...['left_side', 'right_side', 'mid_side', 'indep'].map((mode) => ['-ch_mode', mode]),
  ])('decodes what ffmpeg makes with %s %s exactly', (...options) => {
    const pcm = makePcm('music', FRAMES, 2, 16)
    expect(Buffer.compare(decodeAll(encodeWithFfmpeg(pcm, 2, ...options)), pcm)).toBe(0)
  })

  it('refuses frames that break the rules, and never throws', () => {
    const frames = framesOf(encodeFlac(makePcm('music', 9000, 2, 16), { channels: 2, bits: 16 }, '-8'))
    const decoder = new FlacFrameDecoder()
    let refused = 0
    for (let turn = 0; turn < 400; turn++) {
      const frame = frames[turn % 2].slice()
      const header = parseFlacFrameHeader(frame)!
      frame[header.headerBytes + ((turn * 7919) % (frame.length - header.headerBytes))] ^= 1 << (turn % 8)
      if (!decoder.decode(frame, header, 16)) refused++
      expect(decoder.measure(frame, header, 16)).toBeLessThanOrEqual(frame.length)
      expect(decoder.decode(frame.subarray(0, frame.length - 1 - (turn % 500)), header, 16)).toBeUndefined()
    }
    expect(refused).toBeGreaterThan(5)
  })
})
