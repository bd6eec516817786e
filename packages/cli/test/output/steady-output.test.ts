import { Writable } from 'node:stream'
import { FakeClock, settle } from '@isr/core/testing'
import { describe, expect, it } from 'vitest'
import { SteadyOutput } from '../../src/output/steady-output.js'

/** A device that takes nothing until it is told to. */
class StoppedDevice extends Writable {
  readonly taken: string[] = []
  #go?: () => void

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.#go = () => {
      this.taken.push(chunk.toString())
      done()
    }
  }

  async goOn(): Promise<void> {
    while (this.#go) {
      const go = this.#go
      this.#go = undefined
      go()
      await settle()
    }
  }
}

function outputTo(stream: Writable, clock = new FakeClock()): SteadyOutput {
  const size = () => ({ columns: 100, rows: 30 })
  return new SteadyOutput({ stream, clock, isTerminal: true, hasColors: false, size })
}

describe('SteadyOutput', () => {
  it('is busy while text is on its way', async () => {
    const device = new StoppedDevice()
    const output = outputTo(device)
    expect(output.busy).toBe(false)
    output.write('a')
    output.write('b')
    expect(output.busy).toBe(true)
    await device.goOn()
    expect(output.busy).toBe(false)
    expect(device.taken).toEqual(['a', 'b'])
    expect([output.columns, output.rows]).toEqual([100, 30])
  })

  it('keeps a bounded amount of text for a device that stands still, and counts the rest', async () => {
    const device = new StoppedDevice()
    const output = outputTo(device)
    const megabyte = 'x'.repeat(1024 * 1024)
    for (let index = 0; index < 20; index++) output.write(megabyte)
    expect(device.writableLength).toBeLessThanOrEqual(9 * 1024 * 1024)
    const dropped = output.takeDropped()
    expect(dropped).toBeGreaterThanOrEqual(11)
    expect(output.takeDropped()).toBe(0)
    await device.goOn()
    expect(device.taken).toHaveLength(20 - dropped)
  })

  it('drains, but not for ever', async () => {
    const clock = new FakeClock()
    const device = new StoppedDevice()
    const output = outputTo(device, clock)
    await output.drain(1000)
    output.write('a')
    const waits: string[] = []
    void output.drain(1000).then(() => waits.push('first'))
    await clock.advance(999)
    expect(waits).toEqual([])
    await clock.advance(1)
    expect(waits).toEqual(['first'])
    void output.drain(1000).then(() => waits.push('second'))
    await device.goOn()
    expect(waits).toEqual(['first', 'second'])
    expect(clock.pendingTimers).toBe(0)
  })

  it('goes on when nobody reads any more', async () => {
    const broken = new Writable({ write: (_chunk, _encoding, done) => done(new Error('EPIPE')) })
    const output = outputTo(broken)
    output.write('a')
    await settle()
    output.write('b')
    expect(output.busy).toBe(false)
    await output.drain(1000)
  })
})
