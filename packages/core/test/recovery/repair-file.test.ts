import { describe, expect, it } from 'vitest'
import { StorageError } from '../../src/errors.js'
import type { OpenLine, RecordingLine } from '../../src/ledger/entry.js'
import { MemoryLedger } from '../../src/ledger/ledger.js'
import { builtInFormats } from '../../src/formats/registry.js'
import { repairFile } from '../../src/recovery/repair-file.js'
import { MemoryStorage } from '../../src/storages/memory-storage.js'
import type { Replacement } from '../../src/storages/storage.js'
import { FakeClock } from '../../src/testing/fake-clock.js'
import { audioKind, encodeKind, ENCODER_TOOLS } from '../support/audio-kinds.js'
import { describeWithTools } from '../../../../tests/e2e/rig/require-tool.js'
import { entriesOf, record } from '../ledger/support/archive.js'
import { openLine, recordInto, repairBytes, store } from './support/remains.js'
import { framesIn } from './support/units.js'

const fileOf = (name: string, cut = 10, title?: string) => {
  const kind = audioKind(name)
  const [, file] = recordInto(kind.format, encodeKind(kind, 1.2), [cut], 'exact', title)
  return { kind, file, open: openLine(kind, file) }
}

describeWithTools(ENCODER_TOOLS, 'repairFile', () => {
  it('enters what is true: counts, hashes, title, the bytes that were dropped', async () => {
    const { kind, file } = fileOf('MP3 VBR', 10, 'News')
    const open = openLine(kind, file, { title: 'News', codec: 'mp3' })
    const torn = file.growing.subarray(0, file.growing.length - 5)
    const { outcome, entries, bytes } = await repairBytes(open, torn)
    expect(entries).toHaveLength(2)
    const [discard, line] = entries as [unknown, RecordingLine]
    expect(discard).toMatchObject({
      type: 'discard',
      reason: 'partial-frame',
      bytes: outcome.droppedBytes,
      run: open.run,
    })
    const { title: _, ...facts } = open
    expect(line).toMatchObject({
      ...facts,
      type: 'recording',
      seq: 0,
      frames: file.counts.frames - 1,
      samples: (file.counts.frames - 1) * 1152,
      durationSeconds: ((file.counts.frames - 1) * 1152) / 44100,
      prerollFrames: 2,
      prerollSamples: 2304,
      bytes: bytes.length,
      headerBytes: file.headerBytes,
      receivedBytes: bytes.length - file.headerBytes,
      closedBy: 'recovered',
      titles: [{ at: open.startedAt, sample: 0, title: 'News' }],
    })
    expect(torn.length - outcome.droppedBytes).toBe(bytes.length)
    const { createHash } = await import('node:crypto')
    const sum = (part: Uint8Array) => createHash('sha256').update(part).digest('hex')
    expect(line.sha256).toBe(sum(bytes.subarray(file.headerBytes)))
    expect(line.headerSha256).toBe(sum(bytes.subarray(0, file.headerBytes)))
  })

  it('finds the pre-roll by the file itself when the ledger does not tell it', async () => {
    for (const name of ['MP3 CBR', 'Opus', 'Vorbis']) {
      const { file, open } = fileOf(name)
      const { prerollFrames: _, headerBytes: __, seq: ___, ...old } = open
      const { entries } = await repairBytes(old, file.growing)
      const full = await repairBytes(open, file.growing)
      expect({ name, line: entries.at(-1) }).toEqual({ name, line: full.entries.at(-1) })
    }
  })

  it('removes what holds no audio, and says so', async () => {
    const { file, open } = fileOf('Ogg FLAC', 2)
    for (const size of [0, 1, file.headerBytes - 1, file.headerBytes, file.headerBytes + 1, file.headerBytes + 9000]) {
      const { outcome, entries, storage } = await repairBytes(open, file.growing.subarray(0, size))
      expect({ size, action: outcome.action }).toEqual({ size, action: 'removed' })
      expect(entries).toMatchObject([{ type: 'removed', name: open.name, by: 'repair', run: open.run }])
      expect(() => storage.bytes(open.name)).toThrow(StorageError)
    }
  })

  it('keeps what it cannot read, and tells what it is', async () => {
    const { file, open } = fileOf('MP3 CBR')
    const zeros = new Uint8Array(100_000)
    zeros.set(file.growing.subarray(0, file.headerBytes - 500))
    const { outcome, bytes, entries } = await repairBytes(open, zeros)
    expect(outcome).toMatchObject({ action: 'left', reason: 'no whole frame of audio is in it' })
    expect(Buffer.compare(bytes, zeros)).toBe(0)
    expect(entries).toMatchObject([{ type: 'recording', frames: 0, samples: 0, bytes: 100_000, closedBy: 'recovered' }])
  })

  it('keeps a file of two streams as it is', async () => {
    const { file, open } = fileOf('MP3 CBR')
    const other = fileOf('MP3 mono').file
    const both = Uint8Array.from(Buffer.concat([file.growing, other.growing.subarray(other.headerBytes)]))
    const { outcome, bytes, entries } = await repairBytes(open, both)
    expect(outcome).toMatchObject({ action: 'left', reason: 'it holds several streams' })
    expect(Buffer.compare(bytes, both)).toBe(0)
    expect(entries).toMatchObject([{ type: 'recording', frames: file.counts.frames + other.counts.frames }])
  })

  it.each(['MP3 CBR', 'FLAC', 'Ogg FLAC', 'Vorbis'])('%s: heals damage inside; all other frames stay', async (name) => {
    const { file, open } = fileOf(name, 4)
    const damaged = Uint8Array.from(file.growing)
    const middle = Math.floor((file.headerBytes + damaged.length) / 2)
    damaged.fill(0, middle, middle + 1000)
    const { outcome, entries, bytes } = await repairBytes(open, damaged)
    expect(outcome.action).toBe('repaired')
    expect(outcome.droppedBytes).toBeGreaterThan(100)
    const line = entries.at(-1) as RecordingLine
    expect(line.frames).toBeLessThan(file.counts.frames)
    expect(line.frames).toBeGreaterThan(0)
    // what came of it is whole: another look finds nothing to do
    const again = await repairBytes(open, bytes)
    expect(again.outcome).toMatchObject({ action: 'complete', droppedBytes: 0 })
  })

  it.each(['MP3 CBR', 'Opus', 'FLAC', 'WAV'])(
    '%s: a closed file keeps its titles, though nobody knows them any more',
    async (name) => {
      const stream = encodeKind(audioKind(name), 2)
      const half = Math.floor(stream.length / 2)
      const steps = [
        { bytes: stream.subarray(0, half), metadata: { title: 'One' } },
        { bytes: stream.subarray(half), metadata: { title: 'Two' } },
      ]
      const archive = await record([{ pace: 'unpaced', steps, end: 'clean' }], { seconds: 60, seal: false })
      const [open, line] = entriesOf(archive) as [OpenLine, RecordingLine]
      expect(line.titles).toMatchObject([{ title: 'One' }, { title: 'Two' }])
      const before = archive.storage.bytes(line.name)
      const ledger = new MemoryLedger()
      const tools = { storage: archive.storage, ledger, formats: builtInFormats, clock: new FakeClock() }
      for (const copyLimitBytes of [2 ** 30, 1000]) {
        const outcome = await repairFile({ open, startByte: 0 }, { ...tools, copyLimitBytes })
        expect(outcome).toMatchObject({ action: 'complete', droppedBytes: 0 })
        expect(Buffer.compare(archive.storage.bytes(line.name), before)).toBe(0)
      }
      const { headerSha256, sha256, frames, samples } = line
      expect(ledger.entries.at(-1)).toMatchObject({ headerSha256, sha256, frames, samples, closedBy: 'recovered' })
    },
  )

  it.each(['MP3 CBR', 'Opus', 'FLAC', 'Ogg FLAC', 'WAV', 'AAC'])(
    '%s: no line of a ledger, however wrong, costs audio',
    async (name) => {
      const { kind, file, open } = fileOf(name, 4)
      const audio = framesIn(kind, file.bytes).map((frame) => Buffer.from(frame).toString('latin1'))
      // in the last 100 bytes, or in the last page
      const lost = { ogg: 12, wav: 26 }[kind.format.name] ?? 1
      const wrong: Partial<OpenLine>[] = [
        { headerBytes: 1e9 },
        { headerBytes: 0 },
        { prerollFrames: 1e9 },
        { prerollFrames: 0 },
        { prerollFrames: 7 },
        ...['mp3', 'aac', 'flac', 'ogg', 'wav'].map((format) => ({ format, prerollFrames: 0, headerBytes: 1e9 })),
        { sampleRate: 1, channels: 77, seq: 1e9, startedAt: '0000-01-01T00:00:00.000Z', title: 'x'.repeat(100_000) },
      ]
      for (const changes of wrong) {
        for (const bytes of [file.bytes, file.growing, file.growing.subarray(0, file.growing.length - 100)]) {
          const { outcome, bytes: after } = await repairBytes({ ...open, ...changes }, bytes)
          const what = `${JSON.stringify(changes).slice(0, 80)}: ${outcome.action} ${outcome.reason}`
          expect(outcome.action, what).not.toBe('removed')
          const kept = framesIn(kind, after).map((frame) => Buffer.from(frame).toString('latin1'))
          expect(kept.length, what).toBeGreaterThanOrEqual(audio.length - (bytes === file.bytes ? 0 : lost))
          expect(
            kept.every((frame, index) => frame === audio[index]),
            what,
          ).toBe(true)
        }
      }
    },
  )

  it('reaches for no file outside of the folder', async () => {
    const { file, open } = fileOf('WAV', 100)
    const storage = await store('a.wav', file.growing)
    const tools = { storage, ledger: new MemoryLedger(), formats: builtInFormats, clock: new FakeClock() }
    for (const name of ['../a.wav', '/etc/passwd', 'x/../../a.wav', '', 'a\0.wav']) {
      const outcome = await repairFile({ open: { ...open, name }, startByte: 0 }, tools)
      expect(['failed', 'missing']).toContain(outcome.action)
    }
    expect(tools.ledger.entries).toEqual([])
  })

  it('a file that is gone is missing; a format that is not known is left', async () => {
    const { open, file } = fileOf('WAV', 100)
    const tools = { ledger: new MemoryLedger(), formats: builtInFormats, clock: new FakeClock() }
    const gone = await repairFile({ open, startByte: 0 }, { ...tools, storage: new MemoryStorage() })
    expect(gone).toMatchObject({ action: 'missing' })
    const { outcome, bytes } = await repairBytes({ ...open, format: 'mystery' }, file.growing)
    expect(outcome).toMatchObject({ action: 'left', reason: 'its format "mystery" is not known' })
    expect(bytes).toEqual(file.growing)
    expect(tools.ledger.entries).toEqual([])
  })

  it('a file that a volume failed to take is finished later; the law of its run stays true', async () => {
    const { open, file } = fileOf('FLAC', 4)
    const storage = await store(open.name, file.growing)
    const ledger = new MemoryLedger()
    const failed: RecordingLine = {
      ...open,
      type: 'recording',
      seq: 3,
      samples: 4608,
      durationSeconds: 4608 / 44100,
      bytes: 9000,
      headerBytes: file.headerBytes,
      receivedBytes: 777,
      sha256: '',
      headerSha256: '',
      frames: 1,
      prerollFrames: 0,
      prerollSamples: 0,
      closedBy: 'error',
      titles: [{ at: open.startedAt, sample: 0, title: 'x' }],
    }
    const tools = { storage, ledger, formats: builtInFormats, clock: new FakeClock() }
    const outcome = await repairFile({ open, startByte: 0, failed }, tools)
    expect(outcome.action).toBe('repaired')
    expect(ledger.entries).toMatchObject([
      {
        type: 'recording',
        closedBy: 'recovered',
        seq: 3,
        frames: file.counts.frames,
        receivedBytes: 777,
        titles: failed.titles,
      },
    ])
  })
})

describeWithTools(ENCODER_TOOLS, 'large files', () => {
  it.each(['WAV', 'WAV of floats', 'FLAC', 'MP3 VBR'])('%s: only the head is written, in place', async (name) => {
    const { open, file } = fileOf(name, 4)
    const replaced: string[] = []
    const storage = await store(open.name, file.growing)
    storage.replace = (key) => {
      replaced.push(key)
      return Promise.reject(new StorageError('ISR_STORAGE_FULL', 'no room for a copy'))
    }
    const tools = {
      storage,
      ledger: new MemoryLedger(),
      formats: builtInFormats,
      clock: new FakeClock(),
      copyLimitBytes: 1000,
    }
    expect(await repairFile({ open, startByte: 0 }, tools)).toMatchObject({ action: 'repaired', droppedBytes: 0 })
    expect(Buffer.compare(storage.bytes(open.name), file.bytes)).toBe(0)
    expect(replaced).toEqual([])
    // and again: nothing is written at all
    storage.overwrite = () => Promise.reject(new Error('not asked for'))
    expect(await repairFile({ open, startByte: 0 }, tools)).toMatchObject({ action: 'complete' })
  })

  it('whatever must lose bytes or change audio is copied all the same', async () => {
    for (const [name, cut] of [
      ['WAV', 1],
      ['Vorbis', 0],
    ] as const) {
      const { open, file } = fileOf(name)
      const torn = file.growing.subarray(0, file.growing.length - cut)
      const { outcome, bytes } = await repairBytes(open, torn, { copyLimitBytes: 1000 })
      const expected = await repairBytes(open, torn)
      expect(outcome.action).toBe('repaired')
      expect(Buffer.compare(bytes, expected.bytes)).toBe(0)
    }
  })
})

describe('repairFile, when the volume fails', () => {
  const steps = ['write', 'patch', 'read', 'commit'] as const

  it.each(steps)('at %s: the remains stay as they are, nothing is entered, nothing lies about', async (step) => {
    const { open, file } = fileOf('FLAC', 4)
    const storage = await store(open.name, file.growing)
    const replace = storage.replace.bind(storage)
    let abandoned = 0
    storage.replace = async (name) => {
      const copy = await replace(name)
      const fail = () => {
        throw new StorageError('ISR_STORAGE_FAILED', `${step} failed`)
      }
      const failing: Replacement = {
        write: (bytes) => (step === 'write' ? fail() : copy.write(bytes)),
        patch: (patches) => (step === 'patch' ? fail() : copy.patch(patches)),
        read: () => (step === 'read' ? fail() : copy.read()),
        commit: () => (step === 'commit' ? fail() : copy.commit()),
        abandon: () => {
          abandoned++
          return copy.abandon()
        },
      }
      return failing
    }
    const ledger = new MemoryLedger()
    const tools = { storage, ledger, formats: builtInFormats, clock: new FakeClock() }
    const outcome = await repairFile({ open, startByte: 0 }, tools)
    expect(outcome).toMatchObject({ action: 'failed', error: { code: 'ISR_STORAGE_FAILED' } })
    expect(Buffer.compare(storage.bytes(open.name), file.growing)).toBe(0)
    expect(ledger.entries).toEqual([])
    expect(abandoned).toBe(1)
  })

  it.each(['flipped', 'lost', 'doubled'] as const)('a copy with a byte %s never takes the place', async (how) => {
    const { open, file } = fileOf('FLAC', 4)
    const storage = await store(open.name, file.growing)
    const replace = storage.replace.bind(storage)
    let writes = 0
    storage.replace = async (name) => {
      const copy = await replace(name)
      const spoil = (bytes: Uint8Array) => {
        if (++writes !== 3 || bytes.length < 100) return bytes
        if (how === 'flipped') return bytes.map((byte, index) => (index === 50 ? byte ^ 1 : byte))
        return how === 'lost' ? bytes.subarray(1) : Uint8Array.from([bytes[0], ...bytes])
      }
      return Object.assign(Object.create(copy) as Replacement, {
        write: (bytes: Uint8Array) => copy.write(spoil(bytes)),
      })
    }
    const ledger = new MemoryLedger()
    const tools = { storage, ledger, formats: builtInFormats, clock: new FakeClock() }
    const outcome = await repairFile({ open, startByte: 0 }, tools)
    expect(writes).toBeGreaterThanOrEqual(3)
    expect(outcome).toMatchObject({ action: 'left', reason: expect.stringMatching(/^the new file would/) as string })
    expect(Buffer.compare(storage.bytes(open.name), file.growing)).toBe(0)
    expect(ledger.entries).toEqual([])
  })
})
