import { describe, expect, it } from 'vitest'
import { StorageError } from '../../../src/errors.js'
import type { RecorderStatus } from '../../../src/recorder/events.js'
import { LedgerFaults, type LedgerFaultsOptions } from '../../../src/station/folder/ledger-faults.js'
import { FakeClock } from '../../../src/testing/fake-clock.js'

const denied = new StorageError('ISR_STORAGE_DENIED', 'cannot open ledger.jsonl: permission denied')
const failing = (code: string): Partial<RecorderStatus> => ({ lastError: { at: 0, code, message: '' } })

function rig(sources: Record<string, Partial<RecorderStatus>>) {
  const clock = new FakeClock()
  const warnings: string[] = []
  const onWarning: LedgerFaultsOptions['onWarning'] = ({ source, message }) => warnings.push(`${source}: ${message}`)
  const status = () =>
    Object.entries(sources).map(([source, facts]) => ({ source, state: 'waiting' as const, ...facts }))
  return { clock, warnings, sources, faults: new LedgerFaults({ clock, status, onWarning }) }
}

describe('LedgerFaults', () => {
  it('is silent for a source that fails for the same reason, a moment later', async () => {
    const { clock, warnings, sources, faults } = rig({ one: {}, two: { state: 'recording' } })
    faults.add(denied, 'the ledger waits')
    await clock.advance(1000)
    sources.one = failing('ISR_STORAGE_DENIED')
    await clock.advance(5000)
    expect(warnings).toEqual(['two: the ledger waits: cannot open ledger.jsonl: permission denied'])
  })

  it('tells of what fails alone: another cause, or a source that records all the same', async () => {
    const other = failing('ISR_SOURCE_RESET')
    const recovered = { ...failing('ISR_STORAGE_DENIED'), state: 'recording' as const }
    const { clock, warnings, faults } = rig({ other, recovered })
    faults.add(denied, 'first')
    faults.add(denied, 'second')
    await clock.advance(5000)
    expect(warnings.map((text) => text.slice(0, 16))).toEqual(['other: first: ca', 'recovered: first'])
  })

  it('comes once a minute while it lasts, and at the end what is still held back', async () => {
    const { clock, warnings, faults } = rig({ one: {} })
    for (let second = 0; second < 132; second++) {
      faults.add(denied, 'the ledger waits')
      await clock.advance(1000)
    }
    expect(warnings).toHaveLength(2)
    faults.close()
    expect(warnings).toHaveLength(3)
    faults.close()
    expect(warnings).toHaveLength(3)
    expect(clock.pendingTimers).toBe(0)
  })
})
