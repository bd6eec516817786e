import { afterEach, describe, expect, test } from 'vitest'
import type { LevelFollower } from '../../../src/analysis/levels/follower.js'
import { LevelMeter } from '../../../src/analysis/levels/level-meter.js'
import type { Recording } from '../../../src/model.js'
import type { LevelReading } from '../../../src/recorder/levels/level-announcer.js'
import type { OpenSpanMeter } from '../../../src/recorder/levels/span-meter.js'
import type { RecorderOptions } from '../../../src/recorder/options.js'
import { SignalSource } from '../../../src/sources/signal.js'
import { AfterDuration } from '../../../src/splitters/after-duration.js'
import { Recorder } from '../../../src/station/recorder.js'
import { MemoryStorage } from '../../../src/storages/memory-storage.js'
import { FakeClock } from '../../../src/testing/fake-clock.js'
import { ScriptedSource } from '../../../src/testing/scripted-source.js'
import { numberedFormat, numberedFrames } from '../../support/numbered-format.js'

const START = Date.UTC(2026, 10, 22, 17)
const RATE_HZ = 8000

const unhandled: unknown[] = []
process.on('unhandledRejection', (reason) => unhandled.push(reason))
afterEach(() => expect(unhandled).toEqual([]))

/** A second of stereo whose left channel is at half of full scale and whose right one is silent, ten chunks a second. */
function* halfScale(seconds: number) {
  const chunk = new Int16Array(RATE_HZ / 5)
  for (let index = 0; index < chunk.length; index += 2) chunk[index] = index % 4 === 0 ? 0x4000 : -0x4000
  const bytes = new Uint8Array(chunk.buffer)
  for (let part = 0; part < seconds * 10; part++) yield { afterMs: 100, bytes }
}

function rig(options: Partial<RecorderOptions> = {}, seconds = 60) {
  const clock = new FakeClock(START)
  const storage = new MemoryStorage(clock)
  const pcm = { sampleRateHz: RATE_HZ, channels: 2, sampleFormat: 's16' } as const
  const source = new ScriptedSource('yard', [{ pcm, steps: halfScale(seconds) }])
  const splitter = new AfterDuration({ seconds: 10 })
  const recorder = new Recorder({ source, storage, clock, splitter, ...options })
  const warnings: string[] = []
  recorder.on('warning', ({ message }) => void warnings.push(message))
  return { clock, storage, recorder, warnings }
}

/** Keeps what it is told. */
class Keeper implements LevelFollower {
  readonly files: { name: string; rms: number[]; closed?: Recording; samples?: number; ends: number }[] = []
  constructor(readonly bad?: 'open' | 'push' | 'close') {}

  open({ name }: Recording) {
    if (this.bad === 'open') throw new Error('no open')
    const file: (typeof this.files)[number] = { name, rms: [], ends: 0 }
    this.files.push(file)
    return {
      push: ({ rms }: { rms: Float32Array }) => {
        file.rms.push(...rms)
        if (this.bad === 'push') throw new Error('no push')
      },
      close: (recording: Recording | undefined, samples: number) => {
        Object.assign(file, { closed: recording, samples, ends: file.ends + 1 })
        return this.bad === 'close' ? Promise.reject(new Error('no close')) : undefined
      },
    }
  }
}

describe('levels while recording', () => {
  test('followers are told every window of every file, and the complete recording', async () => {
    const keeper = new Keeper()
    const { clock, recorder, warnings } = rig({ levels: { followers: [keeper] } })
    recorder.start()
    await clock.advance(25_000)
    await recorder.stop()
    const windows = keeper.files.map(({ rms }) => rms.length / 2)
    expect(windows).toEqual([100, 100, 50])
    expect(keeper.files.flatMap(({ rms }) => rms).every((level, index) => level === (index % 2 === 0 ? 0.5 : 0))).toBe(
      true,
    )
    expect(keeper.files.map(({ samples, closed }) => [samples, closed?.samples, closed?.closedBy])).toEqual([
      [80_000, 80_000, 'boundary'],
      [80_000, 80_000, 'boundary'],
      [40_000, 40_000, 'stop'],
    ])
    expect(warnings).toEqual([])
  })

  test('a few readings a second for those who listen, and the last one in the status', async () => {
    const { clock, recorder } = rig()
    const readings: (LevelReading & { source: string })[] = []
    recorder.on('level', (reading) => void readings.push(reading))
    recorder.start()
    await clock.advance(9000)
    // windows of 100 ms: the beat of 250 ms is kept on average
    expect(readings.length).toBeGreaterThanOrEqual(34)
    expect(readings.length).toBeLessThanOrEqual(37)
    expect(readings.at(-1)).toMatchObject({ source: 'yard', rmsDb: [-6.02, -200], peakDb: [-6.02, -200] })
    // what is heard now was recorded now
    expect(Math.abs((readings.at(-1)?.at ?? 0) - clock.now())).toBeLessThan(500)
    const { source: _source, ...last } = readings[readings.length - 1]
    expect(recorder.status.level).toEqual(last)
    await recorder.stop()
    expect(recorder.status.level).toBeUndefined()
  })

  test('nothing is measured while nobody listens; one that comes late hears at once', async () => {
    const { clock, recorder } = rig()
    recorder.start()
    await clock.advance(5000)
    expect(recorder.status.level).toBeUndefined()
    const readings: LevelReading[] = []
    recorder.on('level', (reading) => void readings.push(reading))
    await clock.advance(1000)
    expect(readings[0].rmsDb).toEqual([-6.02, -200])
    expect(Math.abs(readings[0].at - clock.now() + 1000)).toBeLessThan(600)
    await recorder.stop()
  })

  test('nothing is measured any more when nobody listens any more; the clock of who comes back is right', async () => {
    const { clock, recorder } = rig()
    const readings: LevelReading[] = []
    const listener = (reading: LevelReading) => void readings.push(reading)
    recorder.on('level', listener)
    recorder.start()
    await clock.advance(2000)
    recorder.off('level', listener)
    await clock.advance(2000)
    const heard = readings.length
    expect(recorder.status.level).toBeUndefined()
    recorder.on('level', listener)
    await clock.advance(1000)
    expect(readings.length - heard).toBeGreaterThanOrEqual(3)
    expect(Math.abs(readings[heard].at - clock.now() + 1000)).toBeLessThan(600)
    expect(readings[heard].rmsDb).toEqual([-6.02, -200])
    await recorder.stop()
  })

  test.each(['open', 'push', 'close'] as const)('a follower that fails in %s harms nobody else', async (bad) => {
    const [keeper, good] = [new Keeper(bad), new Keeper()]
    const { clock, recorder, warnings } = rig({ levels: { followers: [keeper, good] } })
    recorder.start()
    await clock.advance(15_000)
    await recorder.stop()
    expect(good.files.map(({ rms }) => rms.length)).toEqual([200, 100])
    expect(warnings).toEqual(Array<string>(2).fill(`the follower of levels Keeper failed in ${bad}(): no ${bad}`))
  })

  test('what is not PCM is measured by who can, later and in order; the recorder ends when it has', async () => {
    const keeper = new Keeper()
    let ends = 0
    const openMeter: OpenSpanMeter = (header, onBlock) => {
      const meter = new LevelMeter({ sampleRateHz: header.info.sampleRateHz, channels: 1 })
      const planes: Float32Array[] = []
      return {
        layout: { sampleRateHz: header.info.sampleRateHz, channels: 1 },
        get samples() {
          return meter.samples
        },
        write: (span) => void planes.push(new Float32Array(span.samples).fill(0.25)),
        async end() {
          await new Promise((resolve) => setImmediate(resolve))
          for (const plane of planes) onBlock(meter.pushPlanes([plane]))
          onBlock(meter.finish())
          ends++
        },
      }
    }
    const source = new ScriptedSource('test', [
      { steps: [{ bytes: numberedFrames(0, 30) }, { afterMs: 3000, bytes: numberedFrames(30, 40) }] },
    ])
    const options = { source, formats: [numberedFormat], levels: { followers: [keeper], openMeter } }
    const { clock, recorder, warnings } = rig(options)
    recorder.start()
    await clock.advance(8000)
    await recorder.stop()
    expect(ends).toBe(keeper.files.length)
    expect(keeper.files[0].closed?.samples).toBe(keeper.files[0].samples)
    expect(keeper.files[0].rms.every((level) => level === 0.25)).toBe(true)
    expect(keeper.files[0].rms.length).toBeGreaterThan(10)
    expect(warnings).toEqual([])
  })

  test('a meter that fails is told of; followers know that theirs are not all windows', async () => {
    for (const bad of ['write', 'end'] as const) {
      const keeper = new Keeper()
      const openMeter: OpenSpanMeter = () => ({
        layout: { sampleRateHz: 8000, channels: 1 },
        samples: 0,
        write: () => {
          if (bad === 'write') throw new Error('broken')
        },
        end: () => Promise.reject(new Error('broken')),
      })
      const source = new ScriptedSource('test', [{ steps: [{ bytes: numberedFrames(0, 30) }] }])
      const options = { source, formats: [numberedFormat], levels: { followers: [keeper], openMeter } }
      const { clock, recorder, warnings } = rig(options)
      recorder.start()
      await clock.advance(5000)
      await recorder.stop()
      expect(keeper.files).toMatchObject([{ closed: undefined, ends: 1 }])
      expect(warnings).toEqual([expect.stringMatching(/failed in (write|end)\(\): broken/)])
    }
  })

  test('what nobody can measure is said once', async () => {
    const source = new ScriptedSource('test', [{ steps: [{ bytes: numberedFrames(0, 300) }] }])
    const options = { source, formats: [numberedFormat], levels: { followers: [new Keeper()] } }
    const { clock, recorder, warnings } = rig(options)
    recorder.start()
    await clock.advance(5000)
    await recorder.stop()
    expect(warnings).toEqual([expect.stringMatching(/^levels of \w+ are not measured while it is recorded/)])
  })

  test('a recording made in one go is measured whole', async () => {
    const keeper = new Keeper()
    const source = new SignalSource({ pace: 'unpaced', durationSeconds: 12.345, sampleRateHz: RATE_HZ, channels: 1 })
    const { recorder } = rig({ source, levels: { followers: [keeper] } })
    recorder.start()
    await recorder.finished
    expect(keeper.files.map(({ rms }) => rms.length)).toEqual([100, 24])
    expect(keeper.files.map(({ samples }) => samples)).toEqual([80_000, 18_760])
  })
})
