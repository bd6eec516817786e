import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { UniformSpan, type FrameSpan } from '../../../src/formats/frame-span.js'
import { WavHeader } from '../../../src/formats/wav/header.js'
import type { StreamMetadata } from '../../../src/model.js'
import { openPcmMeter, type OpenSpanMeter } from '../../../src/recorder/levels/span-meter.js'
import type { Quiet } from '../../../src/recorder/trigger/quiet-stretch.js'
import { TriggerGate, type TriggerGateOptions } from '../../../src/recorder/trigger/trigger-gate.js'
import type { TriggerEnd, TriggerStart } from '../../../src/recorder/trigger/trigger-options.js'

const RATE_HZ = 1000
const WINDOW = 100
const header = () => new WavHeader({ layout: { sampleRateHz: RATE_HZ, channels: 1, sampleFormat: 's32' } })

/** Samples that carry their number in the lowest bits, far below any threshold; loud ones a sign bit on top that swings. */
function samples(loud: readonly boolean[], from = 0): Int32Array {
  return Int32Array.from({ length: loud.length * WINDOW }, (_, index) => {
    const number = from + index
    return (loud[Math.floor(index / WINDOW)] ? 1 << 29 : 0) + number
  })
}

const numberOf = (sample: number) => sample & 0xfffff

interface Piece {
  readonly numbers: number[]
  readonly titles: (string | undefined)[]
}

function rig(trigger: TriggerGateOptions['trigger'], openMeters: readonly OpenSpanMeter[] = [openPcmMeter]) {
  const pieces: Piece[] = []
  const skipped: number[] = []
  const order: number[] = []
  const events: (TriggerStart | TriggerEnd)[] = []
  const quiets: Quiet[] = []
  const warnings: string[] = []
  let open: Piece | undefined
  let taken = 0
  const numbers = (span: FrameSpan) => {
    const list = [...new Int32Array(span.bytes.slice().buffer)].map(numberOf)
    taken += span.samples
    order.push(...list)
    return list
  }
  const gate = new TriggerGate({
    trigger,
    files: {
      get seconds() {
        return taken / RATE_HZ
      },
      write: (span: FrameSpan, metadata?: StreamMetadata) => {
        if (!open) pieces.push((open = { numbers: [], titles: [] }))
        open.numbers.push(...numbers(span))
        if (metadata) open.titles.push(metadata.title)
      },
      skip: (span: FrameSpan) => void skipped.push(...numbers(span)),
      close: () => void (open = undefined),
    },
    timeAt: (seconds) => seconds * 1000,
    openMeters,
    onStart: (event) => void events.push(event),
    onEnd: (event) => void events.push(event),
    onQuiet: (quiet) => void quiets.push(quiet),
    onWarning: (code) => void warnings.push(code),
  })
  const wav = header()
  const push = (values: Int32Array, metadata?: StreamMetadata, as = wav) =>
    gate.write(new UniformSpan(as, new Uint8Array(values.slice().buffer), 4, 1), metadata)
  return { gate, pieces, skipped, order, events, quiets, warnings, push }
}

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index)
const windows = (text: string) => [...text].map((letter) => letter === '#')

/** What is to be recorded, from the rule alone: [start of the first loud window - pre, end of the last + hold], joined where they touch. */
function expected(loud: readonly boolean[], pre: number, hold: number): [number, number][] {
  const total = loud.length * WINDOW
  const parts: [number, number][] = []
  loud.forEach((isLoud, window) => {
    if (!isLoud) return
    const start = window * WINDOW
    const end = start + WINDOW + hold
    const last = parts.at(-1)
    // a window that touches what is held holds it on; else what is before it must not be in two files
    if (last && start <= last[1]) last[1] = Math.min(total, end)
    else parts.push([Math.max(last?.[1] ?? 0, start - pre, 0), Math.min(total, end)])
  })
  return parts
}

describe('TriggerGate', () => {
  it('records sound with what was before it and after it, to the sample', async () => {
    const { gate, push, pieces, skipped, events, quiets } = rig({ db: -20, preRecordSeconds: 0.25, holdSeconds: 0.33 })
    push(samples(windows('..........###..............')))
    await gate.end()
    expect(pieces.map(({ numbers }) => numbers)).toEqual([range(750, 1630)])
    expect(skipped).toEqual([...range(0, 750), ...range(1630, 2700)])
    expect(events).toEqual([
      { at: 1000, from: 750, levelDb: -12.04 },
      { at: 1630, seconds: 0.88 },
    ])
    expect(quiets).toEqual([
      { bytes: 3000, seconds: expect.closeTo(0.75, 9), from: 0, to: 750 },
      { bytes: 4280, seconds: expect.closeTo(1.07, 9), from: expect.closeTo(1630, 6), to: expect.closeTo(2700, 6) },
    ])
  })

  it('goes on in one piece when sound comes back while it holds, and doubles nothing when it comes right after', async () => {
    const { gate, push, pieces } = rig({ db: -20, preRecordSeconds: 1, holdSeconds: 0.5 })
    //             0123456789 holds to 15, back at 12; then holds to 18; back at 20: before it lies the end of the last piece
    push(samples(windows('.........#..#.......#........')))
    await gate.end()
    expect(pieces.map(({ numbers }) => numbers)).toEqual([range(0, 1800), range(1800, 2600)])
  })

  it('follows the rule for any sound, any cut into chunks: each sample once, in order', async () => {
    const runs = fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 1, max: 25 })), { minLength: 1, maxLength: 12 })
    await fc.assert(
      fc.asyncProperty(
        runs,
        fc.integer({ min: 0, max: 1500 }),
        fc.integer({ min: 0, max: 1500 }),
        fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 9 }),
        async (pattern, pre, hold, chunks) => {
          const loud = pattern.flatMap(([isLoud, count]) => Array.from({ length: count }, () => isLoud))
          const { gate, push, pieces, order, quiets } = rig({
            db: -20,
            preRecordSeconds: pre / RATE_HZ,
            holdSeconds: hold / RATE_HZ,
          })
          const all = samples(loud)
          for (let at = 0, turn = 0; at < all.length; at += chunks[turn++ % chunks.length])
            push(all.subarray(at, at + chunks[turn % chunks.length]))
          await gate.end()
          expect(pieces.map(({ numbers }) => [numbers[0], numbers.at(-1)! + 1])).toEqual(expected(loud, pre, hold))
          const kept = pieces.reduce((sum, { numbers }) => sum + numbers.length, 0)
          expect(kept * 4 + quiets.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(order.length * 4)
        },
      ),
      { numRuns: 150 },
    )
  })

  it('keeps no more in memory than the pre-record and a window', () => {
    const { gate, push } = rig({ db: -20, preRecordSeconds: 1, holdSeconds: 1 })
    for (let time = 0; time < 200; time++) {
      push(samples(windows('..'), time * 200))
      expect(gate.waitingSeconds).toBeLessThanOrEqual(1.1)
    }
  })

  it('gives a piece the title in force at its start', async () => {
    const { gate, push, pieces } = rig({ db: -20, preRecordSeconds: 0.2, holdSeconds: 0.2 })
    push(samples(windows('.....')), { title: 'first' })
    push(samples(windows('.....')), { title: 'second', genre: 'talk' })
    push(samples(windows('#')))
    push(samples(windows('#')), { title: 'third' })
    await gate.end()
    expect(pieces.map(({ titles }) => titles)).toEqual([['second', 'third']])
  })

  it('holds on over new headers, and starts levels anew with them', async () => {
    const { gate, push, pieces, events } = rig({ db: -20, preRecordSeconds: 0.2, holdSeconds: 0.5 })
    const other = header()
    push(samples(windows('......##.')))
    push(samples(windows('.........'), 900), undefined, other)
    push(samples(windows('#'), 1800), undefined, other)
    await gate.end()
    expect(pieces.map(({ numbers }) => numbers)).toEqual([range(400, 1300), range(1600, 1900)])
    expect(events).toMatchObject([{ from: 400 }, { at: 1300 }, { from: 1600 }, { at: 1900 }])
  })

  it('waits for levels that come later, then does the same', async () => {
    const late: (() => void)[] = []
    const openLate: OpenSpanMeter = (wav, onBlock) => {
      const meter = openPcmMeter(wav, (block) => void late.push(() => onBlock(block)))!
      return {
        layout: meter.layout,
        samples: 0,
        write: (span) => meter.write(span),
        end: async () => {
          await meter.end()
          for (const tell of late.splice(0)) tell()
        },
      }
    }
    const { gate, push, pieces, order, events } = rig({ db: -20, preRecordSeconds: 0.25, holdSeconds: 0.33 }, [
      openLate,
    ])
    const other = header()
    push(samples(windows('..........###....')))
    for (const tell of late.splice(0, 1)) tell()
    push(samples(windows('..........'), 1700))
    push(samples(windows('....#.........'), 2700), undefined, other)
    await gate.end()
    expect(pieces.map(({ numbers }) => [numbers[0], numbers.at(-1)])).toEqual([
      [750, 1629],
      [2850, 3529],
    ])
    expect(order).toEqual(range(0, 4100))
    expect(events).toHaveLength(4)
  })

  it('records everything where levels cannot be had, or not in time, and says so', async () => {
    const blind = rig({ db: -20, preRecordSeconds: 1, holdSeconds: 1 }, [() => undefined])
    blind.push(samples(windows('..........')))
    await blind.gate.end()
    expect(blind.pieces.map(({ numbers }) => numbers.length)).toEqual([1000])
    expect(blind.warnings).toEqual(['trigger-blind'])
    const never: OpenSpanMeter = () => ({
      layout: { sampleRateHz: RATE_HZ, channels: 1 },
      samples: 0,
      write: () => {},
      end: () => Promise.reject(new Error('broken')),
    })
    const slow = rig({ db: -20, preRecordSeconds: 1, holdSeconds: 1 }, [never])
    for (let second = 0; second < 40; second++) slow.push(samples(windows('..........'), second * 1000))
    expect(slow.pieces[0].numbers).toHaveLength(40_000)
    await slow.gate.end()
    expect(slow.warnings).toEqual(['trigger-blind'])
  })
})
