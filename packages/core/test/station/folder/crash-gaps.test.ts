import { expect, it } from 'vitest'
import { MemoryLedger } from '../../../src/ledger/ledger.js'
import { CrashGaps } from '../../../src/station/folder/crash-gaps.js'

const AT = Date.UTC(2026, 10, 22, 12)
const last = { endsAt: AT, run: 'a', ended: false, startByte: 0 }

function crashGaps() {
  const ledger = new MemoryLedger()
  const told: number[] = []
  const gaps = new CrashGaps({ ledger, timeZoneOf: () => 'UTC', onGap: ({ seconds }) => void told.push(seconds) })
  return { gaps, told, ledger }
}

it('tells of the time between both ends, whichever is known first', () => {
  for (const isRepairedFirst of [true, false]) {
    const { gaps, told, ledger } = crashGaps()
    if (isRepairedFirst) gaps.ended('radio', last)
    gaps.resumed('radio', AT + 2500)
    if (!isRepairedFirst) gaps.ended('radio', last)
    gaps.resumed('radio', AT + 9000)
    expect(told).toEqual([2.5])
    expect(ledger.entries).toMatchObject([{ type: 'gap', run: 'a', seconds: 2.5, cause: 'ISR_INTERRUPTED' }])
  }
})

it('tells of nothing where a run has ended, and where audio goes on without a gap', () => {
  for (const isRepairedFirst of [true, false]) {
    const { gaps, told } = crashGaps()
    if (isRepairedFirst) gaps.ended('radio', last)
    gaps.joined('radio')
    gaps.resumed('radio', AT + 2500)
    if (!isRepairedFirst) gaps.ended('radio', last)
    gaps.ended('other', { ...last, ended: true })
    gaps.resumed('other', AT + 2500)
    expect(told).toEqual([])
  }
})

it('a seam of a later reconnect fills no gap of the crash', () => {
  const { gaps, told } = crashGaps()
  gaps.resumed('radio', AT + 2500)
  gaps.joined('radio')
  gaps.ended('radio', last)
  expect(told).toEqual([2.5])
})
