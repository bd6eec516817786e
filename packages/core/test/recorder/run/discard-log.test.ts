import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DiscardLog } from '../../../src/recorder/run/discard-log.js'

describe('DiscardLog', () => {
  it('puts every byte into exactly one line', () => {
    const step = fc.record({
      bytes: fc.nat(5000),
      reason: fc.constantFrom('sync' as const, 'tag' as const),
      waitMs: fc.nat(800),
    })
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const lines: { bytes: number; reason: string; atMs: number }[] = []
        let nowMs = 0
        const log = new DiscardLog((discard) => lines.push({ ...discard, atMs: nowMs }))
        for (const { bytes, reason, waitMs } of steps) {
          log.add(bytes, reason)
          nowMs += waitMs
          log.tick(nowMs)
        }
        log.flush()
        for (const reason of ['sync', 'tag']) {
          const given = steps.filter((one) => one.reason === reason).reduce((sum, { bytes }) => sum + bytes, 0)
          const logged = lines.filter((line) => line.reason === reason)
          expect(logged.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(given)
        }
      }),
    )
  })

  it('writes at most a line per reason and second', () => {
    let lines = 0
    const log = new DiscardLog(() => lines++)
    for (let nowMs = 0; nowMs < 10_000; nowMs += 10) {
      log.add(1, 'sync')
      log.tick(nowMs)
    }
    expect(lines).toBe(10)
  })
})
