import { describe, expect, it } from 'vitest'
import { SeekTable } from '../../../../src/formats/flac/blocks/seek-table.js'

interface Point {
  readonly sample: number
  readonly offset: number
  readonly samples: number
}
const PLACEHOLDER = 2 ** 64

function pointsOf(table: SeekTable): Point[] {
  const body = Buffer.from(table.build())
  expect(body.length).toBe(SeekTable.sizeBytes)
  return Array.from({ length: body.length / 18 }, (_, index) => ({
    sample: Number(body.readBigUInt64BE(index * 18)),
    offset: Number(body.readBigUInt64BE(index * 18 + 8)),
    samples: body.readUInt16BE(index * 18 + 16),
  }))
}

describe('SeekTable', () => {
  it('is all placeholders at first', () => {
    expect(new Set(pointsOf(new SeekTable(44100)).map(({ sample }) => sample))).toEqual(new Set([PLACEHOLDER]))
  })

  it.each([3, 300, 3600, 26 * 3600])('spreads its points over %i seconds', (seconds) => {
    const table = new SeekTable(48000)
    const frames = Math.floor((seconds * 48000) / 4096)
    for (let frame = 0; frame < frames; frame++) table.add(frame * 4096, frame * 9001, 4096)
    const points = pointsOf(table)
    const real = points.filter(({ sample }) => sample !== PLACEHOLDER)
    expect(points.slice(0, real.length)).toEqual(real)
    expect(real.length).toBeGreaterThanOrEqual(Math.min(seconds - 1, 120))
    const interval = Math.max(1, seconds / 120)
    for (const [index, { sample, offset, samples }] of real.entries()) {
      expect([offset, samples]).toEqual([(sample / 4096) * 9001, 4096])
      if (index > 0) expect(sample - real[index - 1].sample).toBeGreaterThan(0)
      if (index > 0) expect((sample - real[index - 1].sample) / 48000).toBeLessThan(2 * interval + 1)
    }
    expect(seconds - real.at(-1)!.sample / 48000).toBeLessThan(2 * interval + 1)
  })
})
