import { describe, expect, it } from 'vitest'
import { SourceError, type IsrError } from '../../../src/errors.js'
import type { EpochMs } from '../../../src/model.js'
import { RetryLoop, type Attempt } from '../../../src/recorder/supervision/retry-loop.js'
import type { RetrySettings } from '../../../src/recorder/supervision/retry.js'
import { FakeClock } from '../../../src/testing/fake-clock.js'
import { ScriptedSource, type ScriptedConnection } from '../../../src/testing/scripted-source.js'

const START = Date.UTC(2026, 0, 1)
const RETRY: RetrySettings = { maxAttempts: 3, delayMs: 5000, maxDelayMs: 60_000, probeMs: 0 }
const refused = new SourceError('ISR_SOURCE_UNREACHABLE', 'refused')
const reset = new SourceError('ISR_SOURCE_RESET', 'reset')

/** A station that is there at some times of the clock, and gives so many seconds of audio each time. */
function rig(isBack: (seconds: number) => boolean, retry: Partial<RetrySettings> = {}, audioSeconds = 30) {
  const clock = new FakeClock(START)
  const stop = new AbortController()
  const at = () => (clock.now() - START) / 1000
  const connects: number[] = []
  const told: string[] = []
  class Station extends ScriptedSource {
    override connect(...args: Parameters<ScriptedSource['connect']>) {
      connects.push(at())
      return isBack(at()) ? super.connect(...args) : Promise.reject(refused)
    }
  }
  const source = new Station('radio', [{ steps: [] } satisfies ScriptedConnection])
  const recorded: number[] = []
  const connecting = { signal: stop.signal, clock }
  const attempt = async (found?: Awaited<ReturnType<ScriptedSource['connect']>>): Promise<Attempt> => {
    try {
      await (found ?? (await source.connect(connecting)))[Symbol.asyncDispose]()
    } catch (error) {
      return { cause: error as IsrError, audioSeconds: 0 }
    }
    recorded.push(at())
    return { cause: reset, audioSeconds }
  }
  const loop = new RetryLoop({
    source,
    retry: { ...RETRY, ...retry },
    connecting,
    random: () => 0.5,
    attempt,
    onFailure: () => {},
    onRetry: (failures) => void told.push(`retry ${failures}`),
    onPause: (until: EpochMs) => void told.push(`until ${Math.round((until - START) / 1000)}`),
    onGiveUp: (error, forGood) => void told.push(`${forGood ? 'over' : 'failed'} ${error.code}`),
  })
  const ended = loop.run()
  return { clock, stop, connects, recorded, told, ended }
}

describe('RetryLoop', () => {
  it.each([2, 8, 30, 59])(
    'is back at once after an outage of %i s, however the counted attempts lie',
    async (outage) => {
      const { clock, recorded, stop, ended, told } = rig((seconds) => seconds === 0 || seconds >= outage, {
        maxAttempts: 0,
      })
      await clock.advance((outage + 3) * 1000)
      expect(recorded[1] - outage).toBeLessThan(outage < 10 ? 0.5 : 1.5)
      expect(told.filter((line) => /^retry [^1]/.test(line)).length).toBeLessThan(6)
      stop.abort()
      expect(await ended).toBeUndefined()
    },
  )

  it('looks for a minute only, and counts what the settings say', async () => {
    const { clock, connects, stop, ended } = rig((seconds) => seconds === 0, { maxAttempts: 0 })
    await clock.advance(600_000)
    const late = connects.filter((second) => second > 61)
    expect(late.length).toBeLessThan(12)
    expect(connects.length).toBeGreaterThan(50)
    stop.abort()
    await ended
  })

  it('does not look where nothing ever came', async () => {
    const { clock, connects, ended } = rig(() => false)
    await clock.advance(60_000)
    expect(connects).toHaveLength(4)
    expect(await ended).toMatchObject({ code: 'ISR_RETRIES_EXHAUSTED', cause: refused })
  })

  it('a server that takes connections and gives nothing is no failure each time it is looked at', async () => {
    const { clock, told, ended, recorded } = rig((seconds) => seconds > 0.2, { maxAttempts: 3 }, 0.5)
    await clock.advance(120_000)
    expect(await ended).toMatchObject({ code: 'ISR_RETRIES_EXHAUSTED' })
    expect(told.filter((line) => line.startsWith('retry'))).toEqual(['retry 1', 'retry 2', 'retry 3'])
    expect(recorded.length).toBeGreaterThan(0)
  })

  it('after giving up tries again seldom, says so once, and goes on when it is back', async () => {
    const { clock, told, recorded, stop, ended, connects } = rig((seconds) => seconds > 2000, { probeMs: 300_000 })
    await clock.advance(1_900_000)
    expect(new Set(told.filter((line) => line.startsWith('failed'))).size).toBe(1)
    expect(connects.length).toBeLessThan(12)
    expect(recorded).toEqual([])
    await clock.advance(500_000)
    expect(recorded.length).toBeGreaterThan(1)
    stop.abort()
    expect(await ended).toBeUndefined()
  })

  it('tells why it had given up when it is stopped then', async () => {
    const { clock, stop, ended } = rig(() => false, { probeMs: 300_000 })
    await clock.advance(600_000)
    stop.abort()
    expect(await ended).toMatchObject({ code: 'ISR_RETRIES_EXHAUSTED' })
  })
})
