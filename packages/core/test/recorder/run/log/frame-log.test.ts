import { expect, it } from 'vitest'
import fc from 'fast-check'
import { UniformSpan } from '../../../../src/formats/frame-span.js'
import { WavHeader } from '../../../../src/formats/wav/header.js'
import { FrameLog, type LoggedSpan } from '../../../../src/recorder/run/log/frame-log.js'

const header = new WavHeader({ layout: { sampleRateHz: 100, channels: 1, sampleFormat: 's16' } })
/** Frames that carry their number. */
const span = (first: number, count: number) =>
  new UniformSpan(header, new Uint8Array(Int16Array.from({ length: count }, (_, index) => first + index).buffer), 2, 1)
const numbers = (spans: readonly { readonly bytes: Uint8Array }[]) =>
  spans.flatMap(({ bytes }) => [...new Int16Array(Uint8Array.from(bytes).buffer)])
const range = (from: number, to: number) => Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index)

it('holds what is not durable, to the frame, and the frames before it, whatever files it goes through', () => {
  const step = fc.oneof(
    fc.record({
      do: fc.constant('add' as const),
      frames: fc.integer({ min: 1, max: 40 }),
      held: fc.integer({ min: 0, max: 9 }),
    }),
    fc.record({ do: fc.constant('settle' as const), share: fc.double({ min: 0, max: 1, noNaN: true }) }),
    fc.record({ do: fc.constant('fail' as const) }),
    fc.record({ do: fc.constant('lose' as const) }),
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const dropped: LoggedSpan[] = []
      const log = new FrameLog([span(-50, 50)], 0.5, (entry) => dropped.push(entry))
      let added = 0
      let front = 0
      let fileStart = 0
      let sizeBytes = 0
      let durable = 0
      let marks: { readonly bytes: number; readonly frames: number }[] = []
      const restart = () => {
        marks = []
        sizeBytes = 0
        durable = 0
        fileStart = front
        // what is left is written again, in one go
        if (added > front) {
          sizeBytes = 2 * (added - front)
          log.wrote(sizeBytes, added - front)
          marks.push({ bytes: sizeBytes, frames: added - front })
        }
      }
      for (const one of steps) {
        if (one.do === 'add') {
          log.add({ span: span(added, one.frames), atMs: added })
          added += one.frames
          sizeBytes += 2 * one.frames
          const frames = Math.max(0, added - fileStart - one.held)
          log.wrote(sizeBytes, frames)
          marks.push({ bytes: sizeBytes, frames })
        } else if (one.do === 'settle') {
          durable = Math.max(durable, Math.floor(one.share * sizeBytes))
          log.settle(durable)
          const known = marks.filter(({ bytes }) => bytes <= durable).at(-1)
          if (known) front = Math.max(front, fileStart + known.frames)
        } else if (one.do === 'fail') {
          expect(log.cut().frames).toBeLessThanOrEqual(front - fileStart)
          front = added - numbers(log.spans.map(({ span }) => span)).length
          restart()
        } else {
          log.cut()
          const lost = log.takeOldest()
          front = added - numbers(log.spans.map(({ span }) => span)).length
          if (lost) expect(numbers([lost.span]).at(-1)).toBe(front - 1)
          restart()
        }
        const held = numbers(log.spans.map(({ span }) => span))
        expect(held).toEqual(range(added - held.length, added))
        expect([...numbers(dropped.map(({ span }) => span)), ...held]).toEqual(range(0, added))
        // entries go whole while the file grows, and to the frame when it fails
        expect(added - held.length).toBeLessThanOrEqual(front)
        const history = numbers(log.history)
        expect(history.at(-1)).toBe(added - held.length - 1)
        expect(history.length).toBeGreaterThanOrEqual(50)
      }
    }),
    { numRuns: 300 },
  )
})
