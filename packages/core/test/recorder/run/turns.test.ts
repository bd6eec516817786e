import { describe, expect, it } from 'vitest'
import { MemoryLedger } from '../../../src/ledger/ledger.js'
import type { Recording } from '../../../src/model.js'
import { Turns } from '../../../src/recorder/run/turns.js'
import { AfterDuration } from '../../../src/splitters/after-duration.js'
import { Recorder } from '../../../src/station/recorder.js'
import { MemoryStorage } from '../../../src/storages/memory-storage.js'
import type { RecordingWriter } from '../../../src/storages/storage.js'
import { FakeClock } from '../../../src/testing/fake-clock.js'
import { ScriptedSource } from '../../../src/testing/scripted-source.js'
import { sleep } from '../../../src/time/clock.js'
import { expectAllClosed, expectLedgerLaw } from '../../support/ledger-law.js'
import { numberedFormat, numberedFrames } from '../../support/numbered-format.js'

describe('Turns', () => {
  it('lets each wait for all before it', async () => {
    const turns = new Turns()
    const said: string[] = []
    const [a, b, c] = [turns.take(), turns.take(), turns.take()]
    const say = (name: string, { ready }: typeof a) => ready.then(() => said.push(name))
    void say('c', c)
    void say('b', b)
    await say('a', a)
    expect(said).toEqual(['a'])
    a.done()
    await b.ready
    b.done()
    b.done()
    await c.ready
    expect(said).toEqual(['a', 'b', 'c'])
  })
})

/** A volume on which later files are ready sooner, both to be written and to be closed. */
class OvertakingStorage extends MemoryStorage {
  #files = 0

  constructor(readonly clock: FakeClock) {
    super(clock)
  }

  override async create(name: string): Promise<RecordingWriter> {
    const delayMs = Math.max(0, 500 - 100 * this.#files++)
    await sleep(this.clock, delayMs)
    const writer = await super.create(name)
    const commit = writer.commit.bind(writer)
    return Object.assign(writer, { commit: (patches: never) => sleep(this.clock, delayMs).then(() => commit(patches)) })
  }
}

describe('files that overtake each other on the disk', () => {
  it('are told and entered in the order of their audio', async () => {
    const clock = new FakeClock()
    const ledger = new MemoryLedger()
    const recorder = new Recorder({
      source: new ScriptedSource(
        'fast',
        [{ pace: 'unpaced', steps: [{ bytes: numberedFrames(0, 60) }], end: 'clean' }],
        { finite: true },
      ),
      storage: new OvertakingStorage(clock),
      ledger,
      clock,
      formats: [numberedFormat],
      splitter: new AfterDuration({ seconds: 1 }),
    })
    const told: string[] = []
    const note = (event: string) => (recording: Recording) => void told.push(`${event} ${recording.sequence}`)
    recorder.on('recording:open', note('open')).on('recording:close', note('close'))
    recorder.start()
    await clock.advance(5000)
    expect(await recorder.finished).toMatchObject({ state: 'stopped' })
    const inOrder = (event: string) => Array.from({ length: 6 }, (_, file) => `${event} ${file}`)
    expect(told.filter((line) => line.startsWith('open'))).toEqual(inOrder('open'))
    expect(told.filter((line) => line.startsWith('close'))).toEqual(inOrder('close'))
    const lines = ledger.entries.flatMap((entry) =>
      entry.type === 'open' || entry.type === 'recording' ? [`${entry.type} ${entry.seq}`] : [],
    )
    expect(lines.filter((line) => line.startsWith('open'))).toEqual(inOrder('open'))
    expect(lines.filter((line) => line.startsWith('recording'))).toEqual(inOrder('recording'))
    expect(expectLedgerLaw(ledger.entries)).toBe(1)
    expectAllClosed(ledger.entries)
  })
})
