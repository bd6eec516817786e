import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { StorageError } from '../../../src/errors.js'
import { UniformSpan } from '../../../src/formats/frame-span.js'
import { WavHeader } from '../../../src/formats/wav/header.js'
import { wavFormat } from '../../../src/formats/wav/index.js'
import type { RecordingLine } from '../../../src/ledger/entry.js'
import { MemoryLedger } from '../../../src/ledger/ledger.js'
import { FileTaps } from '../../../src/recorder/plugins/file-taps.js'
import { GuardedMuxer } from '../../../src/recorder/plugins/guarded-muxer.js'
import { PluginGuard } from '../../../src/recorder/plugins/plugin-guard.js'
import { FrameLog } from '../../../src/recorder/run/log/frame-log.js'
import { RecordingFile } from '../../../src/recorder/run/recording-file.js'
import { Turns } from '../../../src/recorder/run/turns.js'
import { MemoryStorage } from '../../../src/storages/memory-storage.js'
import { FakeClock } from '../../../src/testing/fake-clock.js'

const START = Date.UTC(2026, 10, 22, 16, 0, 0, 250)
const RATE_HZ = 1000
const header = new WavHeader({ layout: { sampleRateHz: RATE_HZ, channels: 1, sampleFormat: 's16' } })
const seconds = (count: number) => new UniformSpan(header, new Uint8Array(2 * RATE_HZ * count).fill(7), 2, 1)

function open(title?: string, storage = new MemoryStorage(new FakeClock(START))) {
  const clock = new FakeClock(START)
  const ledger = new MemoryLedger()
  const context = {
    join: 'exact',
    history: [],
    startedAt: START,
    utcOffsetMinutes: 60,
    source: 'studio',
    ...(title !== undefined && { title }),
    serial: 1,
    opusPrerollMs: 400,
  } as const
  const onFault = (error: Error) => {
    if (!(error instanceof StorageError)) throw error
  }
  const file = new RecordingFile({
    storage,
    ledger,
    clock,
    muxer: new GuardedMuxer(wavFormat, header, context),
    guard: new PluginGuard(onFault),
    taps: new FileTaps([], onFault),
    log: new FrameLog([], 0, () => {}),
    isEncoded: false,
    header,
    context,
    name: 'a.wav',
    run: 'r',
    sequence: 0,
    timeZone: 'Europe/Berlin',
    opening: new Turns().take(),
    onOpen: () => {},
    onFault,
  })
  const close = async () => {
    await file.close('stop', new Turns().take())
    const line = ledger.entries.find((entry): entry is RecordingLine => entry.type === 'recording')!
    return { line, bytes: storage.bytes('a.wav') }
  }
  return { file, close, ledger, storage, clock }
}

const textOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1')
/** Places and labels of cue points; what stands in them is judged by ffprobe where the muxer is tested. */
function cuesOf(bytes: Uint8Array) {
  const cue = Buffer.from(bytes).subarray(textOf(bytes).indexOf('cue ') + 12)
  const labels = [...textOf(bytes).matchAll(/labl.{8}([^\0]*)\0/gs)]
  return labels.map(([, label], index) => [cue.readUInt32LE(24 * index + 20), label])
}

describe('RecordingFile', () => {
  it('has the titles that came in force in the ledger, and as chapters in the file', async () => {
    const { file, close } = open('First')
    file.write(seconds(2))
    file.mark('Second\n', START + 2000)
    file.write(seconds(3))
    file.mark('', START + 5000)
    file.write(seconds(1))
    const { line, bytes } = await close()
    expect(line.titles).toEqual([
      { at: '2026-11-22T16:00:00.250Z', sample: 0, title: 'First' },
      { at: '2026-11-22T16:00:02.250Z', sample: 2000, title: 'Second\n' },
      { at: '2026-11-22T16:00:05.250Z', sample: 5000, title: '' },
    ])
    expect(cuesOf(bytes)).toEqual([
      [0, 'First'],
      [2000, 'Second'],
    ])
  })

  it('has hashes of what stands in the closed file, corrected tags and all', async () => {
    const { file, close } = open('First')
    file.write(seconds(2))
    file.mark('Second', START + 2000)
    file.write(seconds(1))
    file.retime(START - 1500)
    const { line, bytes } = await close()
    const sum = (part: Uint8Array) => createHash('sha256').update(part).digest('hex')
    expect(line.headerSha256).toBe(sum(bytes.subarray(0, line.headerBytes)))
    expect(line.sha256).toBe(sum(bytes.subarray(line.headerBytes)))
    expect(line.startedAt).toBe('2026-11-22T15:59:58.750Z')
    expect(textOf(bytes.subarray(0, line.headerBytes))).toContain('2026-11-22T16:59:58.750+01:00')
  })

  it('has no chapters where one title was in force throughout, and no title where none came', async () => {
    for (const title of ['Only', undefined]) {
      const { file, close } = open(title)
      file.write(seconds(2))
      const { line, bytes } = await close()
      expect(cuesOf(bytes)).toEqual([])
      expect(line.titles.map((mark) => mark.title)).toEqual(title === undefined ? [] : [title])
      expect(textOf(bytes).includes('INAM')).toBe(title !== undefined)
    }
  })

  it.each(['goes', 'stays'] as const)(
    'given up while it is being made: it %s, and nothing unknown is left',
    async (it) => {
      class Reluctant extends MemoryStorage {
        override async remove(name: string): Promise<void> {
          if (it === 'stays') throw new StorageError('ISR_STORAGE_DENIED', 'read-only')
          return super.remove(name)
        }
      }
      const { file, ledger, storage, clock } = open(undefined, new Reluctant(new FakeClock(START)))
      file.break(new StorageError('ISR_STORAGE_FAILED', 'the volume fails'))
      expect(file.enterFailed({ frames: 0, samples: 0, receivedBytes: 0 })).toBeUndefined()
      await clock.advance(100)
      const names = []
      for await (const { name } of storage.list()) names.push(name)
      expect(names).toEqual(it === 'stays' ? ['a.wav'] : [])
      expect(ledger.entries).toMatchObject(
        it === 'stays'
          ? [
              { type: 'open', name: 'a.wav' },
              { type: 'recording', name: 'a.wav', closedBy: 'error', frames: 0, bytes: 0, receivedBytes: 0 },
            ]
          : [],
      )
    },
  )
})
