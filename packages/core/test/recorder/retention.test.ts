/** Received audio that is safe is held by nobody: what lives for seconds is what makes the collector go through the heap of a process. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, it } from 'vitest'
import { MemoryLedger } from '../../src/ledger/ledger.js'
import { Recorder } from '../../src/station/recorder.js'
import type { RecordingWriter, Storage } from '../../src/storages/storage.js'
import { FakeClock, settle } from '../../src/testing/index.js'
import { ScriptedSource, type ScriptedStep } from '../../src/testing/scripted-source.js'
import { AUDIO_KINDS, encodeKind } from '../support/audio-kinds.js'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

const KINDS = AUDIO_KINDS.filter(({ name }) => ['MP3 CBR', 'MP3 VBR', 'AAC', 'FLAC', 'Opus', 'WAV'].includes(name))
const SECONDS = 40
/** A read of so long a time: longer than any history. */
const READ_SECONDS = 4
/** Of these the burst and the start of the file are more than a reader needs. */
const FIRST_READS = 3
/** From one read to the next. */
const READ_MS = READ_SECONDS * 1000
const SOURCES = 10

/** Takes everything, keeps nothing. */
function nowhere(): Storage {
  const writer = { append: () => {}, unsyncedBytes: 0, commit: () => Promise.resolve() }
  const create = (name: string): Promise<RecordingWriter> =>
    Promise.resolve({ name, failed: new Promise<never>(() => {}), ...writer })
  return { location: 'nowhere', create } as unknown as Storage
}

it.each(KINDS)('$name: what was read is gone from memory before the next read', async (kind) => {
  const audio = encodeKind(kind, SECONDS)
  const clock = new FakeClock(Date.UTC(2026, 10, 22))
  const reads: WeakRef<ArrayBufferLike>[] = []
  const length = Math.ceil((audio.length * READ_SECONDS) / SECONDS)
  function* steps(): Generator<ScriptedStep> {
    for (let at = 0; at < audio.length; at += length) {
      // a buffer of its own, as a long read of a socket has
      const bytes = Uint8Array.from(audio.subarray(at, at + length))
      reads.push(new WeakRef(bytes.buffer))
      yield { afterMs: READ_MS, bytes }
    }
    yield { afterMs: 1e9 }
  }
  const recorders = Array.from(
    { length: SOURCES },
    (_, index) =>
      new Recorder({
        source: new ScriptedSource(`s${index}`, [{ steps: steps() }]),
        ...{ storage: nowhere(), ledger: new MemoryLedger(), clock, timeZone: 'UTC', stallTimeoutMs: 60_000 },
      }),
  )
  for (const recorder of recorders) recorder.start()
  await clock.advance(FIRST_READS * READ_MS + 200)
  for (let read = FIRST_READS; read < SECONDS / READ_SECONDS - 2; read++) {
    await clock.advance(READ_MS)
    await settle()
    collect()
    const held = reads.filter((buffer) => buffer.deref() !== undefined).length
    // the script has the next one of each in its hands; one more may lie in a register
    expect({ read, held: held <= SOURCES + 1 }).toEqual({ read, held: true })
  }
  expect(recorders[0].status.recordedSeconds).toBeGreaterThan(SECONDS / 2)
  await Promise.all(recorders.map((recorder) => recorder.stop()))
})
