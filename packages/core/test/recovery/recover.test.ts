import { describe, expect, it } from 'vitest'
import { MemoryLedger } from '../../src/ledger/ledger.js'
import type { Remains } from '../../src/ledger/read/ledger-scan.js'
import { gentlePace } from '../../src/recovery/gentle-pace.js'
import type { RepairOutcome } from '../../src/recovery/outcome.js'
import { recover, type Opener } from '../../src/recovery/recover.js'
import { MemoryStorage } from '../../src/storages/memory-storage.js'
import { FakeClock } from '../../src/testing/fake-clock.js'
import { wavFormat } from '../../src/formats/wav/index.js'
import { growingWav, WAV_FRAME_BYTES } from './support/growing-wav.js'

const clock = () => new FakeClock(Date.UTC(2026, 10, 22))

async function folder(clockOfFolder: FakeClock, names: readonly string[]) {
  const storage = new MemoryStorage(clockOfFolder)
  const unfinished: Remains[] = []
  for (const [index, name] of names.entries()) {
    const writer = await storage.create(name)
    writer.append(growingWav(5))
    writer.append(new Uint8Array(WAV_FRAME_BYTES / 2))
    unfinished.push({
      startByte: index * 100,
      open: {
        v: 1,
        type: 'open',
        source: 's',
        run: 'r',
        name,
        startedAt: '2026-11-22T00:00:00.000Z',
        utcOffset: '+00:00',
        format: 'wav',
        codec: 'pcm',
        sampleRate: 1000,
        channels: 1,
        prerollFrames: 0,
      },
    })
  }
  return { storage, unfinished }
}

async function all(outcomes: AsyncIterable<RepairOutcome>): Promise<string[]> {
  const list: string[] = []
  for await (const { name, action, reason } of outcomes) list.push(`${name} ${action}${reason ? `: ${reason}` : ''}`)
  return list
}

describe('recover', () => {
  it('repairs what nobody records, leaves what a running process may record', async () => {
    const time = clock()
    const { storage, unfinished } = await folder(time, ['a', 'b', 'c'])
    const before = storage.bytes('b')
    const openerOf = (startByte: number): Opener => (startByte === 100 ? 'alive' : 'nobody')
    const ledger = new MemoryLedger()
    const tools = { storage, ledger, clock: time, formats: [wavFormat], unfinished, openerOf }
    expect(await all(recover(tools))).toEqual(['a repaired', 'b left: it is being recorded', 'c repaired'])
    expect(storage.bytes('b')).toBe(before)
    const closed = ledger.entries.flatMap((entry) => (entry.type === 'recording' ? [entry] : []))
    expect(closed).toMatchObject([
      { name: 'a', frames: 5 },
      { name: 'c', frames: 5 },
    ])
  })

  it('waits until what nobody can vouch for has rested for a minute', async () => {
    const time = clock()
    const { storage, unfinished } = await folder(time, ['rests'])
    const tools = { storage, ledger: new MemoryLedger(), clock: time, formats: [wavFormat], unfinished }
    let outcomes: string[] = []
    const done = all(recover({ ...tools, openerOf: () => 'unknown' })).then((list) => {
      outcomes = list
    })
    await time.advance(58_000)
    expect(outcomes).toEqual([])
    await time.advance(3_000)
    await done
    expect(outcomes).toEqual(['rests repaired'])
  })

  it('a file that changes while it is watched belongs to somebody', async () => {
    const time = clock()
    const { storage, unfinished } = await folder(time, ['grows'])
    const tools = { storage, ledger: new MemoryLedger(), clock: time, formats: [wavFormat], unfinished }
    const result = all(recover({ ...tools, openerOf: () => 'unknown' }))
    await time.advance(30_000)
    await storage.overwrite('grows', [{ offsetBytes: storage.bytes('grows').length, bytes: new Uint8Array(8) }])
    await time.advance(2_000)
    expect(await result).toEqual(['grows left: it is growing: another machine or container records it'])
  })

  it('does not wait for a file that has rested for long', async () => {
    const time = clock()
    const { storage, unfinished } = await folder(time, ['old'])
    await time.advance(61_000)
    const tools = { storage, ledger: new MemoryLedger(), clock: time, formats: [wavFormat], unfinished }
    expect(await all(recover({ ...tools, openerOf: () => 'unknown' }))).toEqual(['old repaired'])
  })

  it('ends when it is told to: between files, while it waits, and inside of a file', async () => {
    const time = clock()
    const { storage, unfinished } = await folder(time, ['a', 'b'])
    const stop = new AbortController()
    const tools = { storage, ledger: new MemoryLedger(), clock: time, formats: [wavFormat], unfinished }
    const waiting = all(recover({ ...tools, openerOf: () => 'unknown', signal: stop.signal }))
    await time.advance(5_000)
    stop.abort()
    expect(await waiting).toEqual([])
    expect(await all(recover({ ...tools, openerOf: () => 'nobody', signal: stop.signal }))).toEqual([])
    const pause = gentlePace(time, stop.signal)
    const outcomes: RepairOutcome[] = []
    for await (const outcome of recover({ ...tools, openerOf: () => 'nobody', pause })) outcomes.push(outcome)
    expect(outcomes).toMatchObject([{ error: { code: 'ISR_STOPPED' } }, { error: { code: 'ISR_STOPPED' } }])
    expect(tools.ledger.entries).toEqual([])
  })
})

describe('gentlePace', () => {
  it('rests as long as it has worked, at most 50 ms', async () => {
    const time = clock()
    const pause = gentlePace(time, new AbortController().signal)
    await pause() // no work, no rest
    for (const [workedMs, restMs] of [
      [10, 10],
      [500, 50],
    ]) {
      await time.advance(workedMs)
      let rested = false
      const done = pause().then(() => {
        rested = true
      })
      await time.advance(restMs - 1)
      expect(rested).toBe(false)
      await time.advance(1)
      await done
    }
  })
})
