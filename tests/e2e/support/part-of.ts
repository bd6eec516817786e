import { createHash } from 'node:crypto'
import { expect } from 'vitest'

/** Expects that `part` stands in `whole` in one piece: nothing lost, doubled or out of order. */
export function expectPartOf(part: readonly Buffer[], whole: readonly Buffer[]): void {
  const wanted = part.map(fingerprint)
  const known = whole.map(fingerprint)
  expect(wanted.length).toBeGreaterThan(0)
  const at = known.indexOf(wanted[0])
  expect(at, 'the first frame was never sent').toBeGreaterThanOrEqual(0)
  const differs = wanted.findIndex((print, index) => print !== known[at + index])
  const where =
    differs < 0 ? '' : `frame ${differs} of ${wanted.length}: ${explain(wanted[differs], known, at + differs)}`
  expect(where).toBe('')
}

function explain(print: string, known: readonly string[], expectedAt: number): string {
  const at = known.indexOf(print)
  if (at < 0) return 'was never sent'
  return at > expectedAt ? `${at - expectedAt} frames are missing before it` : 'is doubled or out of order'
}

function fingerprint(frame: Buffer): string {
  return createHash('sha1').update(frame).digest('base64')
}
