import { describe, expect, it } from 'vitest'
import { StorageError } from '../../src/errors.js'
import type { GapLine } from '../../src/ledger/entry.js'
import { LineLedger } from '../../src/ledger/ledger.js'
import { FakeClock, settle } from '../../src/testing/fake-clock.js'

const gap = (seconds: number): GapLine => ({
  v: 1,
  type: 'gap',
  source: 's',
  run: 'r',
  from: '',
  to: '',
  utcOffset: '+00:00',
  seconds,
  cause: 'ISR_SOURCE_ENDED',
})

class FlakySink {
  text = ''
  broken = false
  writes = 0
  closed = 0

  async append(text: string): Promise<void> {
    await Promise.resolve()
    this.writes++
    if (this.broken) throw new StorageError('ISR_STORAGE_FULL', 'full')
    this.text += text
  }

  close(): Promise<void> {
    this.closed++
    return Promise.resolve()
  }

  get seconds(): number[] {
    return this.text
      .split('\n')
      .filter(Boolean)
      .map((line) => (JSON.parse(line) as GapLine).seconds)
  }
}

describe('LineLedger', () => {
  it('writes entries in order, those of one turn in one write', async () => {
    const sink = new FlakySink()
    const ledger = new LineLedger({ sink, clock: new FakeClock() })
    await Promise.all([1, 2, 3].map((seconds) => ledger.append(gap(seconds))))
    await ledger.append(gap(4))
    expect(sink.seconds).toEqual([1, 2, 3, 4])
    expect(sink.writes).toBe(2)
  })

  it('writes on while a flush takes its time, tells what is written, and what is durable', async () => {
    const texts: string[] = []
    const flushes: (() => void)[] = []
    const sink = {
      append(text: string, onWritten?: () => void): Promise<void> {
        texts.push(text)
        onWritten?.()
        return new Promise((resolve) => flushes.push(resolve))
      },
      close: () => Promise.resolve(),
    }
    const ledger = new LineLedger({ sink, clock: new FakeClock() })
    const told: string[] = []
    const append = (seconds: number) =>
      void ledger
        .append(gap(seconds), () => told.push(`${seconds} written`))
        .then(() => told.push(`${seconds} durable`))
    append(1)
    await settle()
    append(2)
    await settle()
    expect(texts.map((text) => (JSON.parse(text) as GapLine).seconds)).toEqual([1, 2])
    expect(told).toEqual(['1 written', '2 written'])
    for (const flush of flushes) flush()
    await settle()
    expect(told).toEqual(['1 written', '2 written', '1 durable', '2 durable'])
    await ledger.close()
    expect(texts).toHaveLength(2)
  })

  it('of two writes on their way the one that fails is written again, and the other is not', async () => {
    const texts: string[] = []
    const ends: { readonly resolve: () => void; readonly reject: (error: Error) => void }[] = []
    const sink = {
      append(text: string, onWritten?: () => void): Promise<void> {
        texts.push(text)
        onWritten?.()
        return new Promise((resolve, reject) => ends.push({ resolve, reject }))
      },
      close: () => Promise.resolve(),
    }
    const clock = new FakeClock()
    const ledger = new LineLedger({ sink, clock })
    for (const seconds of [1, 2]) {
      void ledger.append(gap(seconds))
      await settle()
    }
    ends[0].resolve()
    ends[1].reject(new StorageError('ISR_STORAGE_FAILED', 'broken'))
    await clock.advance(1000)
    ends[2].resolve()
    await ledger.close()
    expect(texts.map((text) => (JSON.parse(text) as GapLine).seconds)).toEqual([1, 2, 2])
  })

  it('keeps lines while the volume fails, tells, and writes them when it is back', async () => {
    const sink = new FlakySink()
    const clock = new FakeClock()
    const faults: string[] = []
    const ledger = new LineLedger({ sink, clock, onFault: (error) => faults.push(error.code) })
    sink.broken = true
    let durable = false
    void ledger.append(gap(1)).then(() => (durable = true))
    await clock.advance(3500)
    void ledger.append(gap(2))
    expect(durable).toBe(false)
    expect(faults).toEqual(Array(4).fill('ISR_STORAGE_FULL'))
    sink.broken = false
    await clock.advance(1000)
    expect(durable).toBe(true)
    expect(sink.seconds).toEqual([1, 2])
    expect(clock.pendingTimers).toBe(0)
  })

  it('closes when all is written, or at once when the volume fails', async () => {
    const sink = new FlakySink()
    const clock = new FakeClock()
    const ledger = new LineLedger({ sink, clock })
    void ledger.append(gap(1))
    await ledger.close()
    expect(sink.seconds).toEqual([1])
    sink.broken = true
    const late = ledger.append(gap(2))
    await ledger.close()
    await late
    expect(sink.closed).toBe(2)
    expect(clock.pendingTimers).toBe(0)
  })
})
