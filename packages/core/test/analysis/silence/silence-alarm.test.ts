import { describe, expect, it } from 'vitest'
import { SilenceAlarm } from '../../../src/analysis/silence/silence-alarm.js'

const START = Date.UTC(2026, 10, 22, 12)

function rig(seconds = 2, db = -50) {
  const told: object[] = []
  const alarm = new SilenceAlarm(
    { seconds, db },
    { onStart: (event) => told.push({ start: event }), onEnd: (event) => told.push({ end: event }) },
  )
  let windows = 0
  /** `count` windows of 100 ms of two channels. */
  const push = (count: number, left: number, right = left, channels = 2) => {
    const rms = Float32Array.from({ length: count * channels }, (_, index) => (index % channels ? right : left))
    alarm.push({ channels, rms, peak: rms }, START + windows * 100)
    windows += count
  }
  return { alarm, push, told }
}

describe('SilenceAlarm', () => {
  it('tells of silence when it has lasted, from when and how quiet, and of its end', () => {
    const { alarm, push, told } = rig()
    push(30, 0.1)
    push(19, 0.001)
    expect(told).toEqual([])
    expect(alarm.silentSince).toBeUndefined()
    push(1, 0.001)
    expect(told).toEqual([{ start: { at: START + 3000, levelDb: -60 } }])
    expect(alarm.silentSince).toBe(START + 3000)
    push(500, 0)
    expect(told).toHaveLength(1)
    push(1, 0.1)
    expect(told[1]).toEqual({ end: { at: START + 55_000, seconds: 52 } })
    expect(alarm.silentSince).toBeUndefined()
  })

  it('begins anew after every sound, however short', () => {
    const { push, told } = rig()
    for (let time = 0; time < 10; time++) {
      push(19, 0)
      push(1, 0.01)
    }
    expect(told).toEqual([])
  })

  it('hears one channel of two, and measures against full scale', () => {
    const { push, told } = rig(1, -43)
    push(50, 0.01, 0) // -43.01 dB over both
    expect(told).toHaveLength(1)
    const loud = rig(1, -43.1)
    loud.push(50, 0.01, 0)
    expect(loud.told).toEqual([])
  })

  it('ends with the audio: what is gone is not silent', () => {
    const { alarm, push, told } = rig()
    push(25, 0)
    alarm.end()
    expect(told[1]).toEqual({ end: { at: START + 2500, seconds: 2.5 } })
    push(15, 0)
    alarm.end()
    alarm.end()
    expect(told).toHaveLength(2)
  })

  it('tells the same however levels are cut, for lengths that are no whole windows, too', () => {
    const all = rig(0.25)
    all.push(3, 0)
    expect(all.told).toHaveLength(1)
    const single = rig(0.25)
    single.push(1, 0)
    single.push(1, 0)
    expect(single.told).toEqual([])
    single.push(1, 0)
    expect(single.told).toEqual(all.told)
  })
})
