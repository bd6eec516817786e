import { describe, expect, test } from 'vitest'
import type { IsrError } from '../../../src/errors.js'
import { UniformSpan } from '../../../src/formats/frame-span.js'
import type { HeaderCapture } from '../../../src/formats/header-capture.js'
import { WavHeader } from '../../../src/formats/wav/header.js'
import type { Recording } from '../../../src/model.js'
import { FileTaps } from '../../../src/recorder/plugins/file-taps.js'
import type { RecordingTap } from '../../../src/recorder/tap.js'
import { Never } from '../../../src/splitters/never.js'
import { AfterDuration } from '../../../src/splitters/after-duration.js'
import { Recorder } from '../../../src/station/recorder.js'
import { SignalSource } from '../../../src/sources/signal.js'
import { MemoryStorage } from '../../../src/storages/memory-storage.js'

const header = new WavHeader({ layout: { sampleRateHz: 8000, channels: 1, sampleFormat: 's16' } })
const span = (...bytes: number[]) => new UniformSpan(header, Uint8Array.from(bytes), 2, 1)
const RECORDING = { name: 'a.wav' } as Recording

/** Writes down what it sees; throws in one method. */
class Witness implements RecordingTap {
  readonly seen: string[] = []
  constructor(readonly bad?: 'open' | 'write' | 'close') {}

  open({ name }: Recording, { format }: HeaderCapture) {
    this.#note(`open ${name} ${format}`, 'open')
    return {
      write: ({ bytes }: { bytes: Uint8Array }) => this.#note(`write ${[...bytes].join()}`, 'write'),
      close: (recording: Recording) => this.#note(`close ${recording.name}`, 'close'),
    }
  }

  #note(what: string, method: string): void {
    this.seen.push(what)
    if (method === this.bad) throw new Error(`no ${method}`)
  }
}

function rig(...taps: RecordingTap[]) {
  const faults: IsrError[] = []
  return { faults, file: new FileTaps(taps, (error) => void faults.push(error)) }
}

describe('FileTaps', () => {
  test('frames wait until the file has its name', () => {
    const tap = new Witness()
    const { file } = rig(tap)
    file.write(span(1, 2))
    file.write(span(3, 4))
    expect(tap.seen).toEqual([])
    file.open(RECORDING)
    file.write(span(5, 6))
    file.close(RECORDING)
    expect(tap.seen).toEqual(['open a.wav wav', 'write 1,2', 'write 3,4', 'write 5,6', 'close a.wav'])
  })

  test('a file with a name and no frames yet is opened with the first', () => {
    const tap = new Witness()
    const { file } = rig(tap)
    file.open(RECORDING)
    expect(tap.seen).toEqual([])
    file.write(span(1, 2))
    expect(tap.seen).toEqual(['open a.wav wav', 'write 1,2'])
  })

  test('a file that could not be made is told to nobody', () => {
    const tap = new Witness()
    const { file } = rig(tap)
    file.write(span(1, 2))
    file.close(undefined)
    file.write(span(1, 2))
    expect(tap.seen).toEqual([])
  })

  test.each(['open', 'write', 'close'] as const)(
    'one that throws in %s is told of once, and the others go on',
    (bad) => {
      const [tap, good] = [new Witness(bad), new Witness()]
      const { file, faults } = rig(tap, good)
      file.open(RECORDING)
      file.write(span(1, 2))
      file.write(span(3, 4))
      file.close(RECORDING)
      expect(good.seen).toHaveLength(4)
      expect(tap.seen.filter((what) => what.startsWith(bad))).toHaveLength(1)
      expect(tap.seen.at(-1)).toMatch(new RegExp(`^${bad}`))
      expect(faults.map(({ code, message }) => [code, message])).toEqual([
        ['ISR_PLUGIN_FAILED', `the tap Witness failed in ${bad}(): no ${bad}`],
      ])
    },
  )
})

describe('a recorder with taps', () => {
  async function record(taps: readonly RecordingTap[], pcmFormat: 'wav' | 'flac' = 'wav') {
    const storage = new MemoryStorage()
    const recorder = new Recorder({
      source: new SignalSource({
        pace: 'unpaced',
        durationSeconds: 3,
        sampleRateHz: 8000,
        channels: 1,
        waveform: 'ramp',
      }),
      storage,
      splitter: pcmFormat === 'wav' ? new AfterDuration({ seconds: 1 }) : new Never(),
      filenamePattern: 'a',
      taps,
      pcmFormat,
    })
    const [warnings, closed]: [string[], Recording[]] = [[], []]
    recorder.on('warning', ({ message }) => void warnings.push(message))
    recorder.on('recording:close', (recording) => void closed.push(recording))
    recorder.start()
    const result = await recorder.finished
    return { storage, warnings, closed, result }
  }

  /** Bytes of the frames of each file, by name. */
  function collector() {
    const files = new Map<string, number[]>()
    const closed: Recording[] = []
    const tap: RecordingTap = {
      open({ name }) {
        const bytes: number[] = []
        files.set(name, bytes)
        return {
          write: (frames) => void bytes.push(...frames.bytes),
          close: (recording) => void closed.push(recording),
        }
      },
    }
    return { tap, files, closed }
  }

  test('gives them what it writes, file by file, and the facts of the complete file', async () => {
    const { tap, files, closed: told } = collector()
    const { storage, closed } = await record([tap])
    expect([...files.keys()]).toEqual(['a.wav', 'a_1.wav', 'a_2.wav'])
    for (const [name, bytes] of files) {
      expect(bytes).toHaveLength(16_000)
      expect(Buffer.from(storage.bytes(name)).includes(Buffer.from(bytes))).toBe(true)
    }
    expect(told).toEqual(closed)
  })

  test('of what becomes FLAC they see the PCM', async () => {
    const { tap, files } = collector()
    await record([tap], 'flac')
    const samples = new Int16Array(Uint8Array.from(files.get('a.flac') ?? []).buffer)
    expect(samples).toHaveLength(24_000)
    expect(samples.findIndex((sample, index) => sample !== ((index + 0x8000) & 0xffff) - 0x8000)).toBe(-1)
  })

  test('that throw goes on as if there were none', async () => {
    const alone = await record([])
    const { storage, warnings, closed, result } = await record([
      new Witness('open'),
      new Witness('write'),
      new Witness('close'),
    ])
    expect(result.state).toBe('stopped')
    expect(closed.map(({ name }) => name)).toEqual(['a.wav', 'a_1.wav', 'a_2.wav'])
    // the tags tell the time of day
    expect(closed.map(({ samples }) => samples)).toEqual(alone.closed.map(({ samples }) => samples))
    expect(closed.every(({ name }) => storage.bytes(name).length > 16_000)).toBe(true)
    expect(warnings).toHaveLength(9)
  })
})
