import { execFileSync, spawnSync } from 'node:child_process'
import { closeSync, ftruncateSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import wavefile from 'wavefile'
import { checkFile } from '../../../../../tests/e2e/rig/checkers.js'
import { describeWithTools } from '../../../../../tests/e2e/rig/require-tool.js'
import type { SampleFormat } from '../../../src/model.js'
import { UniformSpan } from '../../../src/formats/frame-span.js'
import { HeaderCapture } from '../../../src/formats/header-capture.js'
import { WavHeader } from '../../../src/formats/wav/header.js'
import { wavFormat } from '../../../src/formats/wav/index.js'
import { PcmFramer } from '../../../src/formats/wav/pcm-framer.js'
import { CONTEXT, cutSpans, frameBytes, muxSpans } from '../support/frame-bytes.js'
import { makePcm } from '../support/pcm.js'

const FOLDER = mkdtempSync(join(tmpdir(), 'isr-wav-'))
const file = (name: string) => join(FOLDER, name)

/** Float PCM or integers, as a connection gives them. */
function pcmOf(sampleFormat: SampleFormat, channels: number, frames: number): Uint8Array {
  if (sampleFormat !== 'f32') return makePcm('music', frames, channels, Number(sampleFormat.slice(1)))
  const integers = new Int32Array(makePcm('music', frames, channels, 32).buffer)
  return new Uint8Array(Float32Array.from(integers, (value) => value / 2 ** 31).buffer)
}
const spansOf = (pcm: Uint8Array, sampleFormat: SampleFormat, channels: number, sampleRateHz = 44100) =>
  frameBytes((sink) => new PcmFramer({ sampleRateHz, channels, sampleFormat }, sink), pcm, [997]).spans

describeWithTools(['sox', 'soxi', 'ffmpeg', 'ffprobe', 'mediainfo'], 'WavMuxer', () => {
  afterAll(() => rmSync(FOLDER, { recursive: true, force: true }))

  it.each([
    ['s16', 1, '16'],
    ['s16', 2, '16'],
    ['s16', 6, '16'],
    ['s24', 1, '24'],
    ['s24', 2, '24'],
    ['s32', 2, '32'],
    ['s32', 8, '32'],
    ['f32', 1, '32f'],
    ['f32', 2, '32f'],
  ] as const)('makes perfect files of %s with %i channels', async (sampleFormat, channels, depth) => {
    const pcm = pcmOf(sampleFormat, channels, 4411)
    const blockAlign = pcm.length / 4411
    const parts = cutSpans(spansOf(pcm, sampleFormat, channels), [1, 1000, 2001])
    let at = 0
    for (const [index, part] of parts.entries()) {
      const wav = muxSpans(wavFormat, part, 'Lied')
      const samples = part.reduce((sum, span) => sum + span.samples, 0)
      const audio = pcm.subarray(at, (at += samples * blockAlign))
      expect(wav.length % 2).toBe(0)
      const parsed = new wavefile.WaveFile(wav)
      expect([parsed.container, parsed.bitDepth]).toEqual(['RIFF', depth])
      expect(
        Buffer.compare(Buffer.from((parsed.data as { samples: Uint8Array }).samples).subarray(0, audio.length), audio),
      ).toBe(0)
      expect((parsed.data as { chunkSize: number }).chunkSize).toBe(audio.length)
      expect(parsed.chunkSize).toBe(wav.length - 8)
      if (index % 2 === 1) continue
      const path = file(`${sampleFormat}_${channels}.wav`)
      writeFileSync(path, wav)
      expect(await checkFile(path)).toEqual([])
      expect(Number(execFileSync('soxi', ['-s', path], { encoding: 'utf8' }))).toBe(samples)
      const codec = `pcm_${sampleFormat}le`
      const raw = execFileSync('ffmpeg', ['-v', 'error', '-i', path, '-c:a', codec, '-f', codec.slice(4), '-'])
      expect(Buffer.compare(raw, audio)).toBe(0)
    }
    expect(at).toBe(pcm.length)
  })

  it('keeps speakers and bits of the source, and asks for EXTENSIBLE where Microsoft does', () => {
    const spec = (header: WavHeader) => {
      const span = new UniformSpan(header, new Uint8Array(48), 48 / (48 / (header.layout.channels * 4)), 1)
      return new wavefile.WaveFile(muxSpans(wavFormat, [span])).fmt as Record<string, unknown>
    }
    const layout = { sampleRateHz: 48000, channels: 2, sampleFormat: 's32' } as const
    expect(spec(new WavHeader({ layout, validBits: 24, channelMask: 0x600 }))).toMatchObject({
      audioFormat: 65534,
      validBitsPerSample: 24,
      dwChannelMask: 0x600,
    })
    expect(spec(new WavHeader({ layout: { ...layout, channels: 6 } }))).toMatchObject({ dwChannelMask: 0x3f })
    expect(spec(new WavHeader({ layout: { ...layout, sampleFormat: 'f32' } }))).toMatchObject({
      audioFormat: 3,
      cbSize: 0,
    })
  })

  it('says in 5.1 float what sox alone misreads', async () => {
    const pcm = pcmOf('f32', 6, 500)
    writeFileSync(file('float51.wav'), muxSpans(wavFormat, spansOf(pcm, 'f32', 6)))
    const complaints = await checkFile(file('float51.wav'))
    // sox 14.4.2 says so of every EXTENSIBLE float file, ffmpeg's own too.
    expect(complaints.flatMap(({ lines }) => lines)).toEqual([
      'sox WARN wav: wave header missing extended part of fmt chunk',
    ])
  })

  it('tells when and where from', () => {
    const pcm = pcmOf('s16', 2, 100)
    writeFileSync(file('tags.wav'), muxSpans(wavFormat, spansOf(pcm, 's16', 2), 'Über "Lied"'))
    const args = ['-v', 'error', '-show_entries', 'format_tags', '-of', 'json', file('tags.wav')]
    const { tags } = JSON.parse(execFileSync('ffprobe', args, { encoding: 'utf8' })).format
    expect(tags).toMatchObject({
      title: 'Über "Lied"',
      ISRC: 'Radio Süd',
      encoded_by: 'ISR',
      comment: 'Radio S?d: ?ber "Lied"',
      date: '2026-11-22T17:00:00.250+01:00',
      creation_time: '17:00:00',
      time_reference: String(Math.round((17 * 3600 + 0.25) * 44100)),
      originator_reference: `ISR_START=${CONTEXT.startedAt * 1000}`,
    })
    const info = execFileSync('mediainfo', [file('tags.wav')], { encoding: 'utf8' })
    expect(info).toMatch(/Encoded date +: 2026-11-22 17:00:00/)
  })

  it('becomes RF64 past 4 GiB, by patches of its head alone', () => {
    const frames = 2 ** 26
    const header = new WavHeader({ layout: { sampleRateHz: 48000, channels: 2, sampleFormat: 's16' } })
    const span = new UniformSpan(header, new Uint8Array(frames * 4), 4, 1)
    const muxer = wavFormat.createMuxer(header, CONTEXT)
    const head = muxer.begin()
    for (let turn = 0; turn < 17; turn++) expect(muxer.write(span)).toBe(span.bytes)
    const { tail, patches } = muxer.end()
    expect(tail).toHaveLength(0)
    const dataBytes = 17 * frames * 4
    expect(dataBytes).toBeGreaterThan(2 ** 32)
    expect(muxer.counts.samples).toBe(17 * frames)

    const last = makePcm('music', 4800, 2, 16)
    const path = file('sparse.wav')
    const handle = openSync(path, 'w')
    ftruncateSync(handle, head.length + dataBytes)
    writeSync(handle, head, 0, head.length, 0)
    for (const { offsetBytes, bytes } of patches) {
      expect(offsetBytes + bytes.length).toBeLessThanOrEqual(head.length)
      writeSync(handle, bytes, 0, bytes.length, offsetBytes)
    }
    writeSync(handle, last, 0, last.length, head.length + dataBytes - last.length)
    closeSync(handle)

    const seconds = (17 * frames) / 48000
    const probe = ['-v', 'warning', '-show_entries', 'format=duration', '-of', 'csv=p=0', path]
    expect(Number(execFileSync('ffprobe', probe, { encoding: 'utf8' }))).toBeCloseTo(seconds, 4)
    expect(execFileSync('mediainfo', ['--Inform=General;%Format%', path], { encoding: 'utf8' }).trim()).toBe('Wave')
    expect(execFileSync('mediainfo', ['--Inform=Audio;%SamplingCount%', path], { encoding: 'utf8' }).trim()).toBe(
      String(17 * frames),
    )
    const seek = ['-v', 'error', '-ss', String(seconds - 0.1), '-i', path, '-f', 's16le', '-']
    const heard = execFileSync('ffmpeg', seek)
    expect(Buffer.compare(heard, last)).toBe(0)
  })

  it('has its cue points past 4 GiB, too, and leaves out those that 32 bits cannot place', () => {
    const frames = 2 ** 26
    const header = new WavHeader({ layout: { sampleRateHz: 48000, channels: 2, sampleFormat: 's16' } })
    const span = new UniformSpan(header, new Uint8Array(frames * 4), 4, 1)
    const muxer = wavFormat.createMuxer(header, { ...CONTEXT, title: 'First' })
    const head = Buffer.from(muxer.begin())
    for (let turn = 0; turn < 65; turn++) {
      if (turn === 16) muxer.mark('Past 4 GiB')
      if (turn === 64) muxer.mark('Past 2^32 samples')
      muxer.write(span)
    }
    for (const { offsetBytes, bytes } of muxer.end().patches) {
      expect(offsetBytes + bytes.length).toBeLessThanOrEqual(head.length)
      head.set(bytes, offsetBytes)
    }
    const path = file('cues.wav')
    const handle = openSync(path, 'w')
    writeSync(handle, head)
    ftruncateSync(handle, head.length + 65 * frames * 4)
    closeSync(handle)
    const args = ['-v', 'error', '-show_entries', 'chapter=start_time:chapter_tags=title', '-of', 'csv=p=0', path]
    expect(execFileSync('ffprobe', args, { encoding: 'utf8' }).trim().split('\n')).toEqual([
      '0.000000,First',
      `${((16 * frames) / 48000).toFixed(6)},Past 4 GiB`,
    ])
  })

  it('stays plain RIFF up to the last byte that fits', () => {
    const header = new WavHeader({ layout: { sampleRateHz: 48000, channels: 1, sampleFormat: 's16' } })
    const muxerWith = (dataBytes: number) => {
      const muxer = wavFormat.createMuxer(header, CONTEXT)
      const headBytes = muxer.begin().length
      const piece = new Uint8Array(2 ** 28)
      let rest = dataBytes - (headBytes - 8)
      for (; rest > 0; rest -= piece.length) {
        muxer.write(new UniformSpan(header, piece.subarray(0, Math.min(rest, piece.length)), 2, 1))
      }
      return muxer.end().patches.map(({ bytes }) => Buffer.from(bytes).toString('latin1', 0, 4))
    }
    expect(muxerWith(0xfffffffe)).not.toContain('RF64')
    expect(muxerWith(0x100000000)).toEqual(['ds64', 'RF64'])
  })

  it.each(['s16', 's24', 'f32'] as const)('plays while it grows: %s', (sampleFormat) => {
    const pcm = pcmOf(sampleFormat, 2, 5000)
    const spans = spansOf(pcm, sampleFormat, 2)
    const muxer = wavFormat.createMuxer(spans[0].header, CONTEXT)
    const growing = Buffer.concat([muxer.begin(), ...spans.map((span) => muxer.write(span))])
    const path = file('growing.wav')
    writeFileSync(path, growing)
    const codec = `pcm_${sampleFormat}le`
    const raw = spawnSync('ffmpeg', ['-v', 'error', '-i', path, '-c:a', codec, '-f', codec.slice(4), '-'])
    expect(Buffer.compare(raw.stdout, pcm)).toBe(0)
    const out = file('sox.wav')
    expect(spawnSync('sox', ['-V1', path, out]).status).toBe(0)
    expect(Number(execFileSync('soxi', ['-s', out], { encoding: 'utf8' }))).toBe(5000)
    const probe = ['-v', 'error', '-show_entries', 'format=duration', '-of', 'csv=p=0', path]
    expect(Number(execFileSync('ffprobe', probe, { encoding: 'utf8' }))).toBeCloseTo(5000 / 44100, 4)
  })

  it('refuses the header of another format', () => {
    const info = { codec: 'mp3', sampleRateHz: 44100, channels: 2, bitrateBps: 0 } as const
    const header = new HeaderCapture({ format: 'mp3', extension: 'mp3', info })
    expect(() => wavFormat.createMuxer(header, CONTEXT)).toThrow(
      expect.objectContaining({ code: 'ISR_ARGUMENT_INVALID' }),
    )
  })
})
