import { describe, expect, it } from 'vitest'
import { FrameRuns } from '../../src/live/frame-runs.js'

const frame = (at: number, end: number, number: number) => ({ at, end, number, next: number + 1 })

describe('FrameRuns', () => {
  it('tells the run that fills most bytes, the later of two that are alike', () => {
    const runs = new FrameRuns()
    const all = [frame(0, 10, 1), frame(10, 20, 2), frame(20, 50, 7), frame(60, 80, 1), frame(80, 90, 2)]
    for (const one of all) runs.add(one)
    expect(runs.longest()).toEqual(all.slice(3))
  })

  it('wants numbers and bytes to follow each other', () => {
    const runs = new FrameRuns()
    for (const one of [frame(0, 10, 1), frame(10, 20, 3), frame(21, 30, 4)]) runs.add(one)
    expect(runs.longest()).toEqual([frame(10, 20, 3)])
  })

  it('takes no other run where the first true frame is known', () => {
    const runs = new FrameRuns(5)
    for (const one of [frame(6, 100, 1), frame(100, 200, 2)]) runs.add(one)
    expect(runs.longest()).toEqual([])
  })
})
