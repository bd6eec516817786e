import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Timeline } from '../../src/library/timeline.js'

const item = fc.record({ name: fc.string({ minLength: 1, maxLength: 6 }), startedAt: fc.integer({ min: 0, max: 50 }) })
const items = fc.uniqueArray(item, { selector: ({ name }) => name, maxLength: 40 })

type Item = { name: string; startedAt: number }
const sorted = (list: readonly Item[]) =>
  [...list].sort((a, b) => a.startedAt - b.startedAt || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))

describe('Timeline', () => {
  it('is always what sorting would give, whatever is added, moved and removed', () => {
    fc.assert(
      fc.property(items, fc.nat(), fc.nat(), fc.integer({ min: 0, max: 50 }), (all, split, pick, at) => {
        const timeline = new Timeline<Item>()
        const first = all.slice(0, split % (all.length + 1))
        timeline.addAll(first)
        timeline.addAll(all.slice(first.length))
        expect(timeline.items).toEqual(sorted(all))
        expect(timeline.countBefore(at)).toBe(all.filter(({ startedAt }) => startedAt < at).length)
        if (all.length === 0) return
        const before = all[pick % all.length]
        const moved = { ...before, startedAt: at }
        timeline.replace(before, moved)
        const now = all.map((one) => (one === before ? moved : one))
        expect(timeline.items).toEqual(sorted(now))
        const gone = new Set(now.filter((_, index) => index % 3 === 0))
        timeline.removeAll(gone)
        expect(timeline.items).toEqual(sorted(now.filter((one) => !gone.has(one))))
      }),
    )
  })
})
