import { describe, expect, it } from 'vitest'

import { concatBytes } from '../../src/bytes/concat.js'
import type { Chunk } from '../../src/model.js'
import { SignalSource } from '../../src/sources/signal.js'
import type { SignalSourceOptions } from '../../src/sources/signal.js'
import { DemoWaveform, RampWaveform } from '../../src/sources/waveform.js'
import { FakeClock } from '../../src/testing/index.js'
import type { Clock } from '../../src/time/clock.js'

const never = new AbortController().signal

async function audioOf(options: SignalSourceOptions): Promise<Uint8Array> {
  await using connection = await new SignalSource(options).connect({ signal: never, clock: new FakeClock() })
  const parts: Uint8Array[] = []
  for await (const { bytes } of connection) parts.push(bytes)
  return concatBytes(parts)
}

/** Level of each 100 ms of the first channel, full scale = 1. */
function levels(audio: Uint8Array, rateHz: number, channels: number): number[] {
  const view = new DataView(audio.buffer, audio.byteOffset, audio.length)
  const frames = audio.length / 2 / channels
  const window = rateHz / 10
  return Array.from({ length: Math.floor(frames / window) }, (_, index) => {
    let sum = 0
    for (let frame = index * window; frame < (index + 1) * window; frame++) {
      sum += (view.getInt16(2 * channels * frame, true) / 32_768) ** 2
    }
    return Math.sqrt(sum / window)
  })
}

describe('demo', () => {
  it('is quiet, with a loud event in the first 5 s and one about every 20 s, of 1 to 3 s each', async () => {
    const audio = await audioOf({ sampleRateHz: 8000, channels: 1, pace: 'unpaced', durationSeconds: 100 })
    const windows = levels(audio, 8000, 1)
    expect(windows.length).toBe(1000)
    const loud = windows.map((level) => level > 0.02)
    const starts: number[] = []
    let last = -100
    loud.forEach((isLoud, index) => {
      // Knocks pause within one event.
      if (isLoud && index - last > 10) starts.push(index / 10)
      if (isLoud) last = index
    })
    expect(starts[0]).toBeLessThan(5)
    expect(starts.length).toBeGreaterThanOrEqual(5)
    for (let index = 1; index < starts.length; index++) {
      expect(starts[index] - starts[index - 1]).toBeGreaterThan(17.5)
      expect(starts[index] - starts[index - 1]).toBeLessThan(22.5)
    }
    const share = loud.filter(Boolean).length / loud.length
    expect(share).toBeGreaterThan(0.02)
    expect(share).toBeLessThan(0.15)
    expect(Math.max(...windows)).toBeGreaterThan(0.2)
    const quiet = windows.slice(0, Math.floor(starts[0] * 10) - 1)
    for (const level of quiet) {
      expect(level).toBeGreaterThan(0.0002)
      expect(level).toBeLessThan(0.002)
    }
  })

  it('never clips', () => {
    const view = new DataView(new DemoWaveform(8000, 2, 3).next(8000 * 90).buffer)
    let peak = 0
    for (let at = 0; at < view.byteLength; at += 2) peak = Math.max(peak, Math.abs(view.getInt16(at, true)))
    expect(peak).toBeGreaterThan(16_000)
    expect(peak).toBeLessThan(32_767)
  })

  it('is the same for the same seed, whatever the block sizes, and differs for another', () => {
    const whole = new DemoWaveform(8000, 2, 1).next(40_000)
    const pieces = new DemoWaveform(8000, 2, 1)
    const joined = concatBytes([1, 7, 9992, 20_000, 10_000].map((frames) => pieces.next(frames)))
    expect(Buffer.compare(joined, whole)).toBe(0)
    expect(Buffer.compare(new DemoWaveform(8000, 2, 2).next(40_000), whole)).not.toBe(0)
  })
})

describe('ramp', () => {
  it('counts interleaved samples, little-endian, and wraps', () => {
    const ramp = new RampWaveform(2)
    expect([...ramp.next(2)]).toEqual([0, 0, 1, 0, 2, 0, 3, 0])
    ramp.next(32_765)
    expect([...ramp.next(2)]).toEqual([0xfe, 0xff, 0xff, 0xff, 0, 0, 1, 0])
  })

  it('is exact to the frame, with rates that 100 ms do not divide', async () => {
    const audio = await audioOf({
      waveform: 'ramp',
      sampleRateHz: 11_025,
      channels: 3,
      pace: 'unpaced',
      durationSeconds: 2.5,
    })
    expect(audio.length).toBe(Math.round(11_025 * 2.5) * 6)
    const expected = new RampWaveform(3).next(Math.round(11_025 * 2.5))
    expect(Buffer.compare(audio, expected)).toBe(0)
  })
})

describe('SignalSource', () => {
  it('delivers each 100 ms when they have passed, without drift', async () => {
    const clock = new FakeClock()
    const source = new SignalSource({ waveform: 'ramp', sampleRateHz: 11_025, channels: 1, durationSeconds: 5 })
    await using connection = await source.connect({ signal: never, clock })
    expect(connection).toMatchObject({
      pace: 'live',
      pcm: { sampleRateHz: 11_025, channels: 1, sampleFormat: 's16' },
      contentType: '',
    })
    const chunks: Chunk[] = []
    const reading = (async () => {
      for await (const chunk of connection) chunks.push(chunk)
    })()
    await clock.advance(99)
    expect(chunks.length).toBe(0)
    await clock.advance(2)
    expect(chunks.length).toBe(1)
    await clock.advance(4899)
    await reading
    expect(chunks.length).toBe(50)
    let frames = 0
    for (const chunk of chunks) {
      frames += chunk.bytes.length / 2
      expect(Math.abs(chunk.arrivedAtMs! - (frames * 1000) / 11_025)).toBeLessThan(0.001)
    }
    expect(frames).toBe(55_125)
    expect(clock.pendingTimers).toBe(0)
  })

  it('catches up at once after it was held up', async () => {
    const clock = new FakeClock()
    const source = new SignalSource({ sampleRateHz: 8000, channels: 1 })
    await using connection = await source.connect({ signal: never, clock })
    const chunks = connection[Symbol.asyncIterator]()
    const first = chunks.next()
    await clock.advance(1050)
    await first
    for (let index = 2; index <= 10; index++) {
      const { value } = await chunks.next()
      expect((value as Chunk).arrivedAtMs).toBe(1050)
    }
    const eleventh = chunks.next()
    await clock.advance(50)
    expect(((await eleventh).value as Chunk).arrivedAtMs).toBe(1100)
  })

  it('ends at an abort or a dispose, leaving no timer', async () => {
    for (const how of ['abort', 'dispose']) {
      const clock = new FakeClock()
      const controller = new AbortController()
      const connection = await new SignalSource().connect({ signal: controller.signal, clock })
      const pull = connection[Symbol.asyncIterator]().next()
      await clock.advance(10)
      if (how === 'abort') controller.abort()
      else await connection[Symbol.asyncDispose]()
      expect((await pull).done).toBe(true)
      expect(clock.pendingTimers).toBe(0)
      await connection[Symbol.asyncDispose]()
    }
    const aborted = new SignalSource().connect({ signal: AbortSignal.abort(), clock: new FakeClock() })
    await expect(aborted).rejects.toMatchObject({ code: 'ISR_STOPPED' })
  })

  it('lets others run while it is unpaced', async () => {
    const clock: Clock = new FakeClock()
    const source = new SignalSource({ waveform: 'ramp', pace: 'unpaced', sampleRateHz: 8000, channels: 1 })
    await using connection = await source.connect({ signal: never, clock })
    let others = 0
    setImmediate(() => others++)
    let chunks = 0
    for await (const chunk of connection) {
      expect(chunk.bytes.length).toBe(1600)
      if (others > 0 || ++chunks > 100) break
    }
    expect(others).toBe(1)
  })

  it('is finite with a duration, and says what is wrong with its options', () => {
    expect(new SignalSource().finite).toBe(false)
    expect(new SignalSource({ durationSeconds: 1 }).finite).toBe(true)
    expect(new SignalSource().name).toBe('signal')
    for (const options of [
      { channels: 0 },
      { channels: 9 },
      { sampleRateHz: 44_100.5 },
      { durationSeconds: 0 },
      { durationSeconds: NaN },
    ]) {
      expect(() => new SignalSource(options)).toThrow(expect.objectContaining({ code: 'ISR_ARGUMENT_INVALID' }))
    }
  })
})
