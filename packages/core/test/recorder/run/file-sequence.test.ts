import { describe, expect, it } from 'vitest'
import { oggFormat } from '../../../src/formats/ogg/index.js'
import type { RecordingLine } from '../../../src/ledger/entry.js'
import { MemoryLedger } from '../../../src/ledger/ledger.js'
import { Never } from '../../../src/splitters/never.js'
import { Recorder } from '../../../src/station/recorder.js'
import { MemoryStorage } from '../../../src/storages/memory-storage.js'
import { FakeClock } from '../../../src/testing/fake-clock.js'
import { ScriptedSource, type ScriptedStep } from '../../../src/testing/scripted-source.js'
import { opusHeaderPages, opusPacket, packetsPage } from '../../formats/ogg/support/pages.js'

/** A link of a chain: two seconds of Opus under one set of tags. */
function link(serial: number, tags: string[]): Uint8Array {
  const pages = Array.from({ length: 10 }, (_, index) =>
    packetsPage(
      Array.from({ length: 10 }, (_, packet) => opusPacket(10 * index + packet)),
      { serial, sequence: 2 + index, granule: BigInt(9600 * (index + 1)), eos: index === 9 },
    ),
  )
  return Buffer.concat([...opusHeaderPages(serial, { tags }), ...pages])
}

/** What the ledger says of each file that comes of these steps. */
async function record(steps: readonly ScriptedStep[]) {
  const clock = new FakeClock(Date.UTC(2026, 10, 22))
  const ledger = new MemoryLedger()
  const source = new ScriptedSource('test', [{ pace: 'unpaced', steps, end: 'clean' }], { finite: true })
  const recorder = new Recorder({
    source,
    storage: new MemoryStorage(clock),
    ledger,
    clock,
    timeZone: 'UTC',
    formats: [oggFormat],
    splitter: new Never(),
  })
  recorder.start()
  await clock.advance(1000)
  await recorder.finished
  const lines = ledger.entries.filter((entry): entry is RecordingLine => entry.type === 'recording')
  return lines.map(({ titles }) => titles.map(({ title }) => title))
}

describe('FileSequence', () => {
  it('takes the title of each logical stream from its headers, and none where they have none', async () => {
    const steps = [['TITLE=A'], [], ['TITLE=C']].map((tags, index) => ({ bytes: link(index + 1, tags) }))
    expect(await record(steps)).toEqual([['A'], [], ['C']])
  })

  it('keeps the title that the transport told over a change of headers', async () => {
    const steps = [{ bytes: link(1, []), metadata: { title: 'Show' } }, { bytes: link(2, []) }]
    expect(await record(steps)).toEqual([['Show'], ['Show']])
  })
})
