import { expect, it } from 'vitest'
import { IsrError } from '../../../src/errors.js'
import { ChunkGatherer } from '../../../src/sources/soundcard/chunk-gatherer.js'

it('makes larger chunks that arrived with their last piece, and keeps a loss where it is', () => {
  const lossBefore = { seconds: 1, cause: new IsrError('ISR_SOURCE_OVERRUN', 'x') }
  const gatherer = new ChunkGatherer(4)
  const piece = (from: number, count: number) => Uint8Array.from({ length: count }, (_, index) => from + index)
  const out = [
    gatherer.push({ bytes: piece(1, 2), arrivedAtMs: 10 }),
    gatherer.push({ bytes: piece(3, 3), arrivedAtMs: 20 }),
    gatherer.push({ bytes: piece(6, 1), arrivedAtMs: 30 }),
    gatherer.push({ bytes: piece(7, 1), arrivedAtMs: 40, lossBefore }),
    gatherer.push({ bytes: piece(8, 4), arrivedAtMs: 50 }),
    gatherer.push({ bytes: piece(12, 5), arrivedAtMs: 60, lossBefore }),
    gatherer.push({ bytes: piece(17, 1), arrivedAtMs: 70 }),
    gatherer.flush(),
    gatherer.flush(),
  ]
  expect(out).toEqual([
    [],
    [{ bytes: piece(1, 5), arrivedAtMs: 20 }],
    [],
    [{ bytes: piece(6, 1), arrivedAtMs: 30 }],
    [{ bytes: piece(7, 5), arrivedAtMs: 50, lossBefore }],
    [{ bytes: piece(12, 5), arrivedAtMs: 60, lossBefore }],
    [],
    [{ bytes: piece(17, 1), arrivedAtMs: 70 }],
    [],
  ])
})
