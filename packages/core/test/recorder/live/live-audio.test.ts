import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { FrameSpan } from '../../../src/formats/frame-span.js'
import { LiveAudio } from '../../../src/recorder/live/live-audio.js'
import { AUDIO_KINDS, audioKind, encodeKind, type AudioKind } from '../../support/audio-kinds.js'
import { decodeFiles } from '../../support/decoded.js'

const folder = mkdtempSync(join(tmpdir(), 'isr-live-'))
afterAll(() => rmSync(folder, { recursive: true }))

const SECONDS = 3

function spansOf(kind: AudioKind, bytes: Uint8Array): FrameSpan[] {
  const spans: FrameSpan[] = []
  const framer = kind.format.createFramer({ onSpan: (span) => spans.push(span), onDiscard: () => {} })
  for (let at = 0; at < bytes.length; at += 4000) framer.push(bytes.subarray(at, at + 4000))
  framer.flush()
  return spans
}

/** What somebody gets who begins to listen before `from`. */
function heard(spans: readonly FrameSpan[], from: number, container: 'own' | 'fmp4' | 'mse', keepSeconds = 0) {
  const live = new LiveAudio('garden')
  live.keepSeconds = keepSeconds
  for (const span of spans.slice(0, from)) live.push(span)
  const parts: Uint8Array[] = []
  let ended = 0
  const stream = live.listen({ write: (bytes) => parts.push(bytes), end: () => ended++ }, { container })!
  for (const span of spans.slice(from)) live.push(span)
  live.end()
  expect(ended).toBe(1)
  return { contentType: stream.contentType, bytes: Buffer.concat([stream.head, ...parts]) }
}

function decoded(name: string, bytes: Uint8Array): Int32Array {
  const path = join(folder, name)
  writeFileSync(path, bytes)
  return decodeFiles([path])[0]
}

describe('LiveAudio', () => {
  it.each(AUDIO_KINDS)('$name: what is heard from the start decodes to what was sent', (kind) => {
    const sent = encodeKind(kind, SECONDS)
    const { bytes, contentType } = heard(spansOf(kind, sent), 1, 'own', 2)
    expect(contentType).toMatch(/^audio\//)
    const name = kind.name.replaceAll(' ', '-')
    const [was, is] = [decoded(`${name}.sent`, sent), decoded(`${name}.own`, bytes)]
    // the last page of Ogg is waited for in vain, and nothing cuts the last packet short
    const lost = ['Vorbis', 'Opus', 'Ogg FLAC'].includes(kind.name) ? kind.channels * kind.rateHz : 0
    const length = Math.min(was.length, is.length)
    expect(Math.abs(was.length - is.length)).toBeLessThanOrEqual(lost)
    expect(is.subarray(0, length)).toEqual(was.subarray(0, length))
  })

  it.each(['FLAC', 'Ogg FLAC', 'AAC', 'Opus'])('%s: fragmented MP4 decodes to what was sent', (which) => {
    const kind = audioKind(which)
    const sent = encodeKind(kind, SECONDS)
    const { bytes, contentType } = heard(spansOf(kind, sent), 1, 'fmp4', 2)
    const codec = { AAC: 'mp4a.40.2', Opus: 'opus' }[which] ?? 'flac'
    expect(contentType).toBe(`audio/mp4; codecs="${codec}"`)
    expect(bytes.toString('latin1', 4, 8)).toBe('ftyp')
    const name = which.replaceAll(' ', '-')
    const [was, is] = [decoded(`${name}.sent`, sent), decoded(`${name}.mp4`, bytes)]
    const seconds = is.length / kind.channels / kind.rateHz
    // less than a fragment waits
    expect(seconds).toBeGreaterThan(SECONDS - 0.6)
    if (which === 'Opus') return
    expect(is).toEqual(was.subarray(0, is.length))
  })

  it('Vorbis: WebM decodes to what was sent', () => {
    const kind = audioKind('Vorbis')
    const sent = encodeKind(kind, SECONDS)
    const { bytes, contentType } = heard(spansOf(kind, sent), 1, 'mse', 2)
    expect(contentType).toBe('audio/webm; codecs="vorbis"')
    const [was, is] = [decoded('webm.sent', sent), decoded('live.webm', bytes)]
    const length = Math.min(was.length, is.length)
    expect(length).toBeGreaterThan((SECONDS - 1) * kind.channels * kind.rateHz)
    expect(is.length - length).toBeLessThan(2048 * kind.channels)
    expect(is.subarray(0, length)).toEqual(was.subarray(0, length))
  })

  it('begins with the latest audio, and never with more than is kept', () => {
    const kind = audioKind('WAV')
    const spans = spansOf(kind, encodeKind(kind, SECONDS))
    const { bytes } = heard(spans, spans.length, 'own', 1)
    const samples = decoded('latest.wav', bytes).length / 2
    expect(samples).toBeGreaterThanOrEqual(44100)
    expect(samples).toBeLessThan(44100 + 4000)
    const none = new LiveAudio('nobody')
    expect(none.listen({ write() {}, end() {} })).toBeUndefined()
  })

  it('ends with the stream', () => {
    const kind = audioKind('MP3 CBR')
    const spans = spansOf(kind, encodeKind(kind, 1))
    const live = new LiveAudio('garden')
    const events: string[] = []
    live.push(spans[0])
    live.listen({ write: () => events.push('audio'), end: () => events.push('end') })
    live.push(spans[1])
    live.push(spans[2])
    live.endOf(spans[2].header)
    expect(events).toEqual(['audio', 'audio', 'end'])
    expect(live.listeners).toBe(0)
    expect(live.listen({ write() {}, end() {} })).toBeUndefined()
  })

  it('ends where another stream begins, not where an older one is ended late', () => {
    const kind = audioKind('FLAC')
    const sent = encodeKind(kind, 1)
    const [before, after] = [spansOf(kind, sent), spansOf(kind, sent)]
    const live = new LiveAudio('garden')
    live.push(before[0])
    let ended = 0
    live.listen({ write() {}, end: () => ended++ })
    live.push(after[0])
    expect(ended).toBe(1)
    const late: string[] = []
    live.listen({ write() {}, end: () => late.push('end') })
    live.endOf(before[0].header)
    expect(late).toEqual([])
  })

  it('is not harmed by who listens', () => {
    const kind = audioKind('MP3 CBR')
    const spans = spansOf(kind, encodeKind(kind, 1))
    const live = new LiveAudio('garden')
    live.push(spans[0])
    const heardBytes: number[] = []
    const fails = () => {
      throw new Error('gone')
    }
    live.listen({ write: fails, end: fails })
    live.listen({ write: (bytes) => heardBytes.push(bytes.length), end: fails })
    for (const span of spans.slice(1)) live.push(span)
    live.end()
    expect(heardBytes).toEqual(spans.slice(1).map(({ bytes }) => bytes.length))
  })

  it('tells whether anybody listens', () => {
    const spans = spansOf(audioKind('FLAC'), encodeKind(audioKind('FLAC'), 1))
    const told: boolean[] = []
    const live = new LiveAudio('garden', (isHeard) => void told.push(isHeard))
    const sink = { write: () => {}, end: () => {} }
    live.push(spans[0])
    const [one, two] = [live.listen(sink), live.listen(sink)]
    one?.close()
    expect(told).toEqual([true])
    two?.close()
    two?.close()
    live.listen(sink)
    live.end()
    expect(told).toEqual([true, false, true, false])
  })
})
