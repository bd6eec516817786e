import { describe, expect, it } from 'vitest'
import { LatenessWindow, WINDOW_MS } from '../../../src/time/timeline/lateness-window.js'

describe('LatenessWindow', () => {
  it('remembers the smallest value of the last minute', () => {
    const window = new LatenessWindow()
    expect(window.minimum).toBe(Infinity)
    window.add(0, -5)
    for (let second = 1; second <= 55; second++) window.add(second * 1000, second)
    expect(window.minimum).toBe(-5)
    expect(window.full).toBe(false)
    for (let second = 56; second <= 90; second++) window.add(second * 1000, second)
    expect(window.full).toBe(true)
    expect(window.minimum).toBeGreaterThan(0)
    expect(window.minimum).toBeLessThanOrEqual(90 - WINDOW_MS / 1000)
  })

  it('does not forget during a pause', () => {
    const window = new LatenessWindow()
    for (let second = 0; second <= 100; second++) window.add(second * 1000, 1)
    for (let second = 5000; second <= 5030; second++) window.add(second * 1000, 30)
    expect(window.minimum).toBe(1)
    for (let second = 5031; second <= 5100; second++) window.add(second * 1000, 30)
    expect(window.minimum).toBe(30)
  })
})
