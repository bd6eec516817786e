import { describe, expect, it } from 'vitest'
import { SteadyClock } from '../../src/time/steady-clock.js'

const HOUR = 3_600_000

function rig() {
  const machine = { awakeMs: 5000, uptimeMs: 90_000, wallMs: Date.UTC(2026, 0, 1), looks: 0 }
  const clock = new SteadyClock({
    awakeMs: () => machine.awakeMs,
    uptimeMs: () => (machine.looks++, Math.floor(machine.uptimeMs / 10) * 10),
    wallMs: () => machine.wallMs,
  })
  const pass = (ms: number, asleep = false) => {
    if (!asleep) machine.awakeMs += ms
    machine.uptimeMs += ms
    machine.wallMs += ms
  }
  return { machine, clock, pass }
}

describe('SteadyClock', () => {
  it('is the clock of the machine while it is awake, and asks for nothing more', () => {
    const { machine, clock, pass } = rig()
    const before = machine.looks
    for (let second = 0; second < 1000; second++) {
      pass(1000.5)
      expect(clock.now()).toBe(machine.awakeMs)
    }
    expect(machine.looks).toBe(before)
  })

  it('goes on while the machine sleeps, to the hundredth of a second', () => {
    const { clock, pass } = rig()
    const began = clock.now()
    pass(1234)
    pass(HOUR, true)
    expect(Math.abs(clock.now() - began - HOUR - 1234)).toBeLessThanOrEqual(10)
    pass(500)
    pass(8 * HOUR, true)
    expect(Math.abs(clock.now() - began - 9 * HOUR - 1734)).toBeLessThanOrEqual(20)
  })

  it('is not moved by a wall clock that is set', () => {
    const { machine, clock, pass } = rig()
    for (const step of [HOUR, -HOUR, 1500, -24 * HOUR]) {
      machine.wallMs += step
      pass(250)
      expect(clock.now()).toBe(machine.awakeMs)
    }
  })

  it('tells both apart when they come together', () => {
    const { machine, clock, pass } = rig()
    const began = clock.now()
    pass(HOUR, true)
    machine.wallMs -= 7 * HOUR
    expect(Math.abs(clock.now() - began - HOUR)).toBeLessThanOrEqual(10)
  })
})
