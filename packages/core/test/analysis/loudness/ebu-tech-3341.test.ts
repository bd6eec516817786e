import { describe, expect, it } from 'vitest'
import { LoudnessMeter } from '../../../src/analysis/loudness/loudness-meter.js'

// The minimum requirements of EBU Tech 3341 (meters) and 3342 (loudness range), made by code as the documents describe them.
const RATE_HZ = 48_000

/** Levels in dBFS (peak of the sine) and their lengths. */
type Steps = readonly (readonly [dbfs: number, seconds: number])[]

const linear = (dbfs: number) => 10 ** (dbfs / 20)

/** A sine of 1 kHz that changes its level. */
function* tone(steps: Steps): Generator<Float32Array> {
  let phase = 0
  for (const [dbfs, seconds] of steps) {
    const amplitude = linear(dbfs)
    let left = Math.round(seconds * RATE_HZ)
    while (left > 0) {
      const length = Math.min(left, RATE_HZ)
      yield Float32Array.from({ length }, () => amplitude * Math.sin((2 * Math.PI * 1000 * phase++) / RATE_HZ))
      left -= length
    }
  }
}

function stereo(steps: Steps): LoudnessMeter {
  const meter = new LoudnessMeter({ sampleRateHz: RATE_HZ, channels: 2 })
  for (const plane of tone(steps)) meter.pushPlanes([plane, plane])
  return meter
}

const times = (count: number, steps: Steps): Steps => Array.from({ length: count }, () => steps).flat()

describe('EBU Tech 3341', () => {
  it.each<readonly [number, number, Steps]>([
    [1, -23, [[-23, 20]]],
    [2, -33, [[-33, 20]]],
    [
      3,
      -23,
      [
        [-36, 10],
        [-23, 60],
        [-36, 10],
      ],
    ],
    [
      4,
      -23,
      [
        [-72, 10],
        [-36, 10],
        [-23, 60],
        [-36, 10],
        [-72, 10],
      ],
    ],
    [
      5,
      -23,
      [
        [-26, 20],
        [-20, 20.1],
        [-26, 20],
      ],
    ],
  ])('%i: integrated %d LUFS', (_, lufs, steps) => {
    expect(Math.abs(stereo(steps).loudness.integratedLufs! - lufs)).toBeLessThanOrEqual(0.1)
  })

  it('1, 2: momentary and short-term', () => {
    for (const dbfs of [-23, -33]) {
      const meter = stereo([[dbfs, 20]])
      expect(Math.abs(meter.momentaryLufs! - dbfs)).toBeLessThanOrEqual(0.1)
      expect(Math.abs(meter.shortTermLufs! - dbfs)).toBeLessThanOrEqual(0.1)
    }
  })

  it('6: five channels', () => {
    const meter = new LoudnessMeter({ sampleRateHz: RATE_HZ, channels: 5 })
    for (const plane of tone([[0, 20]])) {
      const at = (dbfs: number) => plane.map((sample) => sample * linear(dbfs))
      meter.pushPlanes([at(-28), at(-28), at(-24), at(-30), at(-30)])
    }
    expect(Math.abs(meter.loudness.integratedLufs! + 23)).toBeLessThanOrEqual(0.1)
  })

  it('9, 10: short-term', () => {
    const constant = stereo(
      times(5, [
        [-20, 1.34],
        [-30, 1.66],
      ]),
    )
    expect(Math.abs(constant.shortTermLufs! + 23)).toBeLessThanOrEqual(0.1)
    for (let file = 0; file < 20; file += 5) {
      const meter = stereo([
        [-120, file * 0.15],
        [-23, 3],
        [-120, 1],
      ])
      expect(Math.abs(meter.loudness.shortTermMaxLufs! + 23)).toBeLessThanOrEqual(0.1)
    }
  })

  it('12, 13: momentary', () => {
    const constant = stereo(
      times(25, [
        [-20, 0.18],
        [-30, 0.22],
      ]),
    )
    expect(Math.abs(constant.momentaryLufs! + 23)).toBeLessThanOrEqual(0.1)
    for (let file = 0; file < 20; file += 5) {
      const meter = stereo([
        [-120, file * 0.02],
        [-23, 0.4],
        [-120, 1],
      ])
      expect(Math.abs(meter.loudness.momentaryMaxLufs! + 23)).toBeLessThanOrEqual(0.1)
    }
  })

  it.each([
    [15, 4, 0.5, 0, -6],
    [16, 4, 0.5, 45, -6],
    [17, 6, 0.5, 60, -6],
    [18, 8, 0.5, 67.5, -6],
    [19, 4, 1.41, 45, 3],
  ])('%i: true peak of a sine at 1/%d of the rate', (_, divisor, amplitude, phase, dbtp) => {
    const meter = new LoudnessMeter({ sampleRateHz: RATE_HZ, channels: 1 })
    // faded in and out, as the document asks for
    const fade = (index: number) => Math.min(1, index / 480, (RATE_HZ - index) / 480)
    meter.pushPlanes([
      Float32Array.from({ length: RATE_HZ }, (__, index) => {
        return fade(index) * amplitude * Math.sin((2 * Math.PI * index) / divisor + (phase * Math.PI) / 180)
      }),
    ])
    expect(meter.loudness.truePeakDbtp! - dbtp).toBeLessThanOrEqual(0.2)
    expect(meter.loudness.truePeakDbtp! - dbtp).toBeGreaterThanOrEqual(-0.4)
  })

  it('20 to 23: true peak between samples of a wave that is four times as fine', () => {
    for (let offset = 0; offset < 4; offset++) {
      const meter = new LoudnessMeter({ sampleRateHz: RATE_HZ, channels: 1 })
      // bursts at the fine rate / 16 and / 24, cut down to the rate: every alignment has the same peak
      const fine = (index: number) =>
        0.5 * Math.sin((2 * Math.PI * index) / 24) * Math.exp(-(((index - 48000) / 900) ** 2))
      meter.pushPlanes([Float32Array.from({ length: RATE_HZ / 2 }, (_, index) => fine(4 * index + offset))])
      const exact =
        20 * Math.log10(Math.max(...Array.from({ length: 6000 }, (_, index) => Math.abs(fine(45000 + index)))))
      expect(Math.abs(meter.loudness.truePeakDbtp! - exact)).toBeLessThanOrEqual(0.2)
    }
  })
})

describe('EBU Tech 3342', () => {
  it.each<readonly [number, number, Steps]>([
    [
      1,
      10,
      [
        [-20, 20],
        [-30, 20],
      ],
    ],
    [
      2,
      5,
      [
        [-20, 20],
        [-15, 20],
      ],
    ],
    [
      3,
      20,
      [
        [-40, 20],
        [-20, 20],
      ],
    ],
    [
      4,
      15,
      [
        [-50, 20],
        [-35, 20],
        [-20, 20],
        [-35, 20],
        [-50, 20],
      ],
    ],
  ])('%i: range %d LU', (_, lu, steps) => {
    expect(Math.abs(stereo(steps).loudness.rangeLu! - lu)).toBeLessThanOrEqual(1)
  })
})
