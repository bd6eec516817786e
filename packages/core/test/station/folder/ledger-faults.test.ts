import { describe, expect, it } from 'vitest'
import { IsrError, StorageError, type IsrErrorCode } from '../../../src/errors.js'
import { Announcer } from '../../../src/events.js'
import type { Recording } from '../../../src/model.js'
import type { RecorderEvents } from '../../../src/recorder/events.js'
import { LedgerFaults, type LedgerFaultsOptions } from '../../../src/station/folder/ledger-faults.js'
import { FakeClock } from '../../../src/testing/fake-clock.js'

const denied = new StorageError('ISR_STORAGE_DENIED', 'cannot open ledger.jsonl: permission denied')
class Sources extends Announcer<RecorderEvents> {
  fail(source: string, code: IsrErrorCode): void {
    this.events.emit('error', { source, error: new IsrError(code, '') })
  }

  record(): void {
    this.events.emit('recording:open', {} as Recording)
  }
}

function rig(...names: string[]) {
  const clock = new FakeClock()
  const warnings: string[] = []
  const onWarning: LedgerFaultsOptions['onWarning'] = ({ source, message }) => warnings.push(`${source}: ${message}`)
  const faults = new LedgerFaults({ clock, onWarning })
  const sources = Object.fromEntries(names.map((name) => [name, new Sources()]))
  for (const [name, source] of Object.entries(sources)) faults.follow(name, source)
  return { clock, warnings, sources, faults }
}

describe('LedgerFaults', () => {
  it('is silent for a source that fails for the same reason, a moment later', async () => {
    const { clock, warnings, sources, faults } = rig('one', 'two')
    faults.add(denied, 'the ledger waits')
    await clock.advance(1000)
    sources.one.fail('one', 'ISR_STORAGE_DENIED')
    sources.one.fail('one', 'ISR_RETRIES_EXHAUSTED')
    await clock.advance(5000)
    expect(warnings).toEqual(['two: the ledger waits: cannot open ledger.jsonl: permission denied'])
  })

  it('tells of what fails alone: another cause, or a source that records all the same', async () => {
    const { clock, warnings, sources, faults } = rig('other', 'recovered')
    sources.other.fail('other', 'ISR_STORAGE_FULL')
    sources.recovered.fail('recovered', 'ISR_STORAGE_DENIED')
    sources.recovered.record()
    faults.add(denied, 'first')
    faults.add(denied, 'second')
    await clock.advance(5000)
    expect(warnings.map((text) => text.slice(0, 16))).toEqual(['other: first: ca', 'recovered: first'])
  })

  it('comes once a minute while it lasts, and at the end what is still held back', async () => {
    const { clock, warnings, faults } = rig('one')
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
