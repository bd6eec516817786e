import { describe, expect, it } from 'vitest'
import type { CloseReason, Recording } from '../../../src/model.js'
import { SilenceFollower } from '../../../src/recorder/levels/silence-follower.js'

const START = Date.UTC(2026, 10, 22, 12)
const recording = (startedAt: number, closedBy?: CloseReason) => ({ startedAt, closedBy }) as Recording
const windows = (count: number) => ({
  channels: 2,
  rms: new Float32Array(count * 2),
  peak: new Float32Array(count * 2),
})

describe('SilenceFollower', () => {
  it('tells the levels of files in order, with their times, and where the audio ends', () => {
    const told: (number | 'end')[] = []
    const follower = new SilenceFollower({
      push: ({ rms }, at) => void told.push(rms.length / 2, at - START),
      end: () => void told.push('end'),
    })
    const first = follower.open(recording(START))
    first.push(windows(3))
    const second = follower.open(recording(START + 1000))
    second.push(windows(2))
    second.push(windows(5))
    const third = follower.open(recording(START + 2000))
    expect(told).toEqual([3, 0])
    first.push(windows(7))
    void first.close(recording(START, 'boundary'), 8000)
    expect(told).toEqual([3, 0, 7, 300, 2, 1000, 5, 1200])
    void second.close(recording(START + 1000, 'disconnect'), 8000)
    expect(told.at(-1)).toBe('end')
    void third.close(undefined, 0)
    expect(told.slice(-2)).toEqual(['end', 'end'])
  })
})
