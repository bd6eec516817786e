import { FakeClock } from '@isr/core/testing'
import { describe, expect, it } from 'vitest'
import { SendBuffers } from '../../src/streaming/send-buffers.js'

const SMALL = 64 * 1024
const LARGE = 2 * 1024 * 1024

/** A sender whose client takes each buffer in this time. */
async function sizes(clock: FakeClock, buffers: SendBuffers, turns: number, milliseconds: number): Promise<number[]> {
  const all: number[] = []
  for (let turn = 0; turn < turns; turn++) {
    all.push(buffers.next(turn % 2).length)
    await clock.advance(milliseconds)
  }
  return all
}

describe('buffers of a sender', () => {
  it('are small at first, and large for who takes them fast', async () => {
    const clock = new FakeClock()
    const buffers = new SendBuffers(clock)
    const all = await sizes(clock, buffers, 140, 1)
    expect(all.slice(0, 128)).toEqual(Array<number>(128).fill(SMALL))
    expect(all.slice(128)).toEqual(Array<number>(12).fill(LARGE))
    buffers.release(true)
  })

  it('stay small for who is slow, and become small again', async () => {
    const clock = new FakeClock()
    const slow = new SendBuffers(clock)
    expect(new Set(await sizes(clock, slow, 400, 10))).toEqual(new Set([SMALL]))
    const tired = new SendBuffers(clock)
    expect((await sizes(clock, tired, 130, 1)).at(-1)).toBe(LARGE)
    await clock.advance(2000)
    expect(await sizes(clock, tired, 4, 1000)).toEqual([SMALL, SMALL, SMALL, SMALL])
    for (const one of [slow, tired]) one.release(true)
  })

  it('are large for so many that 64 MB are not passed, and for others again when those are done', async () => {
    const clock = new FakeClock()
    const senders = Array.from({ length: 50 }, () => new SendBuffers(clock))
    const largest = async (sender: SendBuffers) => (await sizes(clock, sender, 140, 1)).slice(-2)
    let bytes = 0
    for (const sender of senders) bytes += (await largest(sender)).reduce((sum, one) => sum + one, 0)
    expect(bytes).toBeLessThan(64 * 1024 * 1024)
    // a socket may still hold what was not sent: it is counted as free, and never used again
    for (const sender of senders) sender.release(false)
    const next = new SendBuffers(clock)
    expect(await largest(next)).toEqual([LARGE, LARGE])
    next.release(true)
  })
})
