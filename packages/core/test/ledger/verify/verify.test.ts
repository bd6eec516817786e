import { beforeAll, describe, expect, it } from 'vitest'
import { describeWithTools } from '../../../../../tests/e2e/rig/require-tool.js'
import { SourceError } from '../../../src/errors.js'
import type { LedgerEntry, RecordingLine } from '../../../src/ledger/entry.js'
import { randomIntegers } from '../../formats/support/framing.js'
import { AUDIO_KINDS, audioKind, encodeKind, ENCODER_TOOLS } from '../../support/audio-kinds.js'
import { SAMPLE_ENTRIES } from '../support/sample-entries.js'
import { check, copyOf, entriesOf, faultsOf, notesOf, put, record, type Archive } from '../support/archive.js'

/** A stream in chunks as they come from a network, unpaced. */
const steps = (bytes: Uint8Array) =>
  Array.from({ length: Math.ceil(bytes.length / 4000) }, (_, index) => ({
    bytes: bytes.subarray(index * 4000, (index + 1) * 4000),
  }))
const play = (bytes: Uint8Array) => [{ pace: 'unpaced' as const, steps: steps(bytes), end: 'clean' as const }]
const recordingsOf = (archive: Archive) =>
  entriesOf(archive).flatMap((entry) => (entry.type === 'recording' ? [entry] : []))

describeWithTools(ENCODER_TOOLS, 'verify', () => {
  it.each(AUDIO_KINDS)('$name: finds nothing in what was recorded', async (kind) => {
    const archive = await record(play(encodeKind(kind, 1.6)))
    const report = await check(archive)
    expect(report.findings).toEqual([])
    const recordings = recordingsOf(archive)
    expect(recordings.length).toBeGreaterThanOrEqual(3)
    expect(report).toMatchObject({
      isGood: true,
      recordings: recordings.length,
      sealed: recordings.length,
      runs: 1,
      gaps: 0,
    })
    expect(report.bytes).toBe(recordings.reduce((sum, { bytes }) => sum + bytes, 0))
    expect(report.seconds).toBeCloseTo(recordings.reduce((sum, { durationSeconds }) => sum + durationSeconds, 0))
  })

  it('finds nothing in Vorbis files of some packets whose first one yields no audio', async () => {
    for (const seconds of [0.03, 0.06, 0.1]) {
      const archive = await record(play(encodeKind(audioKind('Vorbis'), 1.6)), { seconds, splitJoin: 'verbatim' })
      expect((await check(archive)).findings, String(seconds)).toEqual([])
      expect(recordingsOf(archive).length).toBeGreaterThan(10)
    }
  })

  describe.each(['MP3 VBR', 'Opus', 'FLAC', 'WAV', 'AAC'])('%s', (name) => {
    let good: Archive
    let spoilt: Archive
    beforeAll(async () => {
      good = await record(play(encodeKind(audioKind(name), 1.6)), { seal: false })
    })
    const spoil = async (change: (archive: Archive, first: RecordingLine, second: RecordingLine) => unknown) => {
      spoilt = await copyOf(good)
      const [first, second] = recordingsOf(good)
      await change(spoilt, first, second)
      const report = await check(spoilt)
      expect(report.isGood).toBe(false)
      expect(report.faults).toBe(faultsOf(report).length)
      return report
    }

    it('finds one flipped byte, wherever it is', async () => {
      const below = randomIntegers(7)
      for (let round = 0; round < 25; round++) {
        const report = await spoil(async ({ storage }, first) => {
          const bytes = Uint8Array.from(storage.bytes(first.name))
          const at = round < 10 ? below(Math.max(1, first.headerBytes)) : below(bytes.length)
          bytes[at] ^= 1 << below(8)
          await put(storage, first.name, bytes)
        })
        const [{ name: where }] = recordingsOf(good)
        expect(report.findings[0]).toMatchObject({ severity: 'fault', code: 'file-changed', name: where })
      }
    })

    it('finds a truncated file, a longer one, and an empty one', async () => {
      for (const change of [-1, -1000, 1, 5000, -Infinity]) {
        const report = await spoil(async ({ storage }, first) => {
          const bytes = storage.bytes(first.name)
          const longer = new Uint8Array(Math.max(0, bytes.length + change))
          longer.set(bytes.subarray(0, longer.length))
          await put(storage, first.name, longer)
        })
        expect(faultsOf(report)[0]).toMatch(change < 0 ? /^file-size .* shorter/ : /^file-size .* longer/)
      }
    })

    it('finds a deleted file, and one that was put in', async () => {
      const deleted = await spoil(({ storage }, first) => storage.remove(first.name))
      const [{ name: gone }] = recordingsOf(good)
      expect(faultsOf(deleted)).toEqual([`file-missing ${gone} is gone`])
      const added = await spoil(({ storage }, first) => put(storage, 'x/forged.MP3', storage.bytes(first.name)))
      expect(faultsOf(added)).toEqual([
        'file-foreign x/forged.MP3 is not in the ledger; isr verify --adopt takes it in',
      ])
    })

    it('takes an empty file that nobody knows for one that was made in the moment of a crash', async () => {
      spoilt = await copyOf(good)
      await put(spoilt.storage, 'x/made.mp3', new Uint8Array(0))
      const report = await check(spoilt)
      expect(faultsOf(report)).toEqual([])
      expect(report.findings).toContainEqual(
        expect.objectContaining({ severity: 'note', code: 'file-empty', name: 'x/made.mp3' }),
      )
    })

    it('finds a swapped pair, and says which', async () => {
      const report = await spoil(async ({ storage }, first, second) => {
        const [one, other] = [storage.bytes(first.name), storage.bytes(second.name)]
        await put(storage, first.name, other)
        await put(storage, second.name, one)
      })
      const [first, second] = recordingsOf(good)
      expect(faultsOf(report)).toEqual([
        `file-exchanged ${first.name} holds what was recorded as ${second.name}`,
        `file-exchanged ${second.name} holds what was recorded as ${first.name}`,
      ])
    })
  })
})

describeWithTools(ENCODER_TOOLS, 'verify, when the ledger was edited', () => {
  let good: Archive
  beforeAll(async () => {
    const stream = encodeKind(audioKind('MP3 CBR'), 1.6)
    good = await record(
      [
        { pace: 'live', steps: live(stream), end: new SourceError('ISR_SOURCE_RESET', 'cut') },
        { pace: 'live', steps: live(stream), end: 'clean' },
      ],
      { seal: false },
    )
  })

  /** 128 kb/s as they are played, after two seconds of silence. */
  function live(bytes: Uint8Array) {
    return steps(bytes).map((step, index) => ({ ...step, afterMs: index === 0 ? 2000 : 250 }))
  }

  it('is good before', async () => {
    const report = await check(good)
    expect(report.findings).toEqual([])
    expect(report).toMatchObject({ runs: 2, gaps: 1 })
    expect(new Set(entriesOf(good).map(({ type }) => type))).toEqual(new Set(['open', 'recording', 'gap', 'run']))
  })

  /** Values that mean something else, by the kind of value. */
  function edits(key: string, value: unknown): unknown[] {
    if (typeof value === 'number')
      return [value + 1, value * 2 + 3, Math.max(0, value - 1)].filter((other) => other !== value)
    if (typeof value !== 'string') return []
    if (/^\d{4}-.*Z$/.test(value)) return [new Date(Date.parse(value) + 60_000).toISOString()]
    if (key === 'utcOffset') return ['+05:00']
    if (/^[0-9a-f]{64}$/.test(value)) return [value.replace(/^./, value.startsWith('a') ? 'b' : 'a')]
    return [`${value}x`, 'pcm', 'boundary'].filter((other) => other !== value)
  }

  /** What nothing else in ledger or files tells again. */
  const free = new Set([
    'run.startedAt',
    'run.endedAt',
    'run.utcOffset',
    'run.cause',
    'run.driftPpm',
    'gap.utcOffset',
    'gap.cause',
    'recording.closedBy',
  ])

  it.each(['open', 'recording', 'gap', 'run'])('finds any edited value in a line of type %s', async (type) => {
    const entries = entriesOf(good)
    let tried = 0
    for (const [index, entry] of entries.entries()) {
      if (entry.type !== type) continue
      for (const [key, value] of Object.entries(entry)) {
        if (free.has(`${type}.${key}`)) continue
        for (const other of edits(key, value)) {
          const spoilt: Archive = { ...good, lines: good.lines.with(index, JSON.stringify({ ...entry, [key]: other })) }
          const report = await check(spoilt)
          const what = `${type}.${key} of line ${index + 1}: ${JSON.stringify(value)} -> ${JSON.stringify(other)}`
          expect(report.isGood, what).toBe(false)
          tried++
        }
      }
    }
    expect(tried).toBeGreaterThan(type === 'recording' ? 100 : 10)
  })

  it('finds any removed line, and any doubled one', async () => {
    for (const [index, line] of good.lines.entries()) {
      const { type } = JSON.parse(line) as LedgerEntry
      const removed = await check({ ...good, lines: good.lines.toSpliced(index, 1) })
      // without its end a run may go on, and without a gap the recorder did not run: told, and no proof
      if (type === 'run') expect(notesOf(removed)).toEqual([expect.stringMatching(/^run-open /)])
      else if (type === 'gap') {
        const isLast = good.lines.slice(index + 1).every((other) => !other.includes('"type":"open"'))
        expect(notesOf(removed)).toEqual(isLast ? [] : [expect.stringMatching(/^time-missing /)])
      } else expect(removed.isGood, `without line ${index + 1}: ${line}`).toBe(false)
      if (type === 'gap' || type === 'recording') continue // two repairs at once may do that
      const doubled = await check({ ...good, lines: good.lines.toSpliced(index, 0, line) })
      expect(doubled.isGood, `line ${index + 1} twice: ${line}`).toBe(false)
    }
  })

  it('names lines that are no lines, and goes on with the others', async () => {
    const lines = good.lines.toSpliced(3, 0, '{"v":1,"type":"gap"', '{"v":2,"type":"era"}')
    const report = await check({ ...good, lines })
    expect(report.findings).toMatchObject([
      { severity: 'fault', code: 'line-unreadable', line: 4, message: 'the line is no JSON' },
      { severity: 'fault', code: 'line-unknown', line: 5 },
    ])
    expect(report.recordings).toBe(recordingsOf(good).length)
  })

  it('believes that of a file which its volume let down at once not even the head is there', async () => {
    const archive = await copyOf(good)
    const entries = entriesOf(good)
    const [first] = recordingsOf(good)
    const open = entries.find((entry) => entry.type === 'open' && entry.name === first.name)!
    const run = entries.find((entry) => entry.type === 'run' && entry.run === first.run)!
    const nothing = {
      frames: 0,
      samples: 0,
      durationSeconds: 0,
      bytes: 0,
      receivedBytes: 0,
      sha256: '',
      headerSha256: '',
    }
    for (const { name } of recordingsOf(good)) await archive.storage.remove(name)
    await put(archive.storage, first.name, new Uint8Array(0))
    const faultsOfClosed = async (closedBy: string) => {
      const lines = [open, { ...first, ...nothing, closedBy }, { ...run, receivedBytes: 0 }]
      const all = faultsOf(await check({ ...archive, lines: lines.map((line) => JSON.stringify(line)) }))
      return all.filter((fault) => !fault.startsWith('file-unfinished'))
    }
    expect(first.headerBytes).toBeGreaterThan(0)
    expect(await faultsOfClosed('error')).toEqual([])
    expect((await faultsOfClosed('boundary')).join()).toMatch(/a header of \d+ bytes in a file of 0/)
  })

  it('says no more than 10,000 things', async () => {
    const report = await check({ ...good, lines: [...good.lines, ...Array.from({ length: 12_000 }, () => '{')] })
    expect(report.findings).toHaveLength(10_000)
    expect(report.faults).toBe(12_000)
  })
})

describeWithTools(ENCODER_TOOLS, 'verify, of seals', () => {
  let good: Archive
  beforeAll(async () => {
    good = await record(play(encodeKind(audioKind('Vorbis'), 3)))
  })
  const sealed = () => good.lines.flatMap((line, index) => (line.includes('"type":"sealed"') ? [index] : []))

  it('names each sealed line that was removed', async () => {
    expect(sealed().length).toBeGreaterThanOrEqual(5)
    for (const [position, index] of sealed().entries()) {
      const { name } = JSON.parse(good.lines[index]) as { name: string }
      const faults = faultsOf(await check({ ...good, lines: good.lines.toSpliced(index, 1) }))
      const isLast = position === sealed().length - 1
      expect(faults.at(-1)).toMatch(new RegExp(`^seal-missing ${name.replaceAll('.', '\\.')} has no seal`))
      expect(faults.some((fault) => fault.startsWith('seal-chain'))).toBe(!isLast)
    }
  })

  const withoutSeals = () => good.lines.filter((line) => !line.includes('"type":"sealed"'))
  const unpromised = (lines: readonly string[]) => lines.map((line) => line.replace(',"seal":true', ''))

  it('names every recording when all sealed lines were removed: each was promised one', async () => {
    const report = await check({ ...good, lines: withoutSeals() })
    expect(faultsOf(report)).toEqual(
      recordingsOf(good).map(({ name }) => expect.stringContaining(`seal-missing ${name} has no seal`) as string),
    )
    expect(report.sealed).toBe(0)
    const running = await check({ ...good, lines: withoutSeals() }, { isRunning: true })
    expect(running.isGood).toBe(true)
    expect(notesOf(running)).toHaveLength(recordingsOf(good).length)
  })

  it('notes once where sealing stopped: what follows was promised no seal, and needs none', async () => {
    const [, second] = sealed()
    const kept = recordingsOf(good).slice(0, 2)
    const isKept = (line: string) => kept.some(({ name }) => line.includes(JSON.stringify(name)))
    const lines = good.lines
      .filter((line, index) => index <= second || !line.includes('"type":"sealed"'))
      .map((line) => (line.includes('"type":"open"') && !isKept(line) ? line.replace(',"seal":true', '') : line))
    const report = await check({ ...good, lines })
    expect(faultsOf(report)).toEqual([])
    const [, , third] = recordingsOf(good)
    expect(notesOf(report)).toEqual([
      expect.stringMatching(`^seal-ended ${third.name} is the first without a seal after ${kept[1].name}`),
    ])
    // what was promised is demanded all the same
    const broken = lines.filter((line) => line !== good.lines[second])
    expect(faultsOf(await check({ ...good, lines: broken }))).toEqual([
      expect.stringMatching(`^seal-missing ${kept[1].name} has no seal`),
    ])
  })

  it('asks no more of a ledger that promises nothing than it did: only what follows a seal has one', async () => {
    expect((await check({ ...good, lines: unpromised(good.lines) })).findings).toEqual([])
    expect((await check({ ...good, lines: unpromised(withoutSeals()) })).findings).toEqual([])
    const second = unpromised(good.lines.toSpliced(sealed()[1], 1))
    expect(faultsOf(await check({ ...good, lines: second })).at(-1)).toMatch(/^seal-missing /)
  })

  it('names a sealed line that was edited, moved, or put in', async () => {
    const [first, second, third, fourth] = sealed()
    const edited = good.lines.with(second, good.lines[second].replace('"utcOffset":"+00:00"', '"utcOffset":"+01:00"'))
    expect(faultsOf(await check({ ...good, lines: edited }))).toEqual([expect.stringMatching(/^seal-chain .*edited/)])
    const moved = good.lines.with(second, good.lines[third]).with(third, good.lines[second])
    const faults = faultsOf(await check({ ...good, lines: moved }))
    expect(faults[0]).toMatch(/^seal-chain .*lines were moved/)
    const doubled = good.lines.toSpliced(fourth, 0, good.lines[first])
    expect(faultsOf(await check({ ...good, lines: doubled })).join()).toMatch(/seal-chain/)
    const wrongHash = good.lines.with(second, good.lines[second].replace(/"sha256":"./, '"sha256":"g'))
    expect(faultsOf(await check({ ...good, lines: wrongHash }))[0]).toMatch(/^line-unreadable/)
  })

  it('finds that a file is not what was sealed', async () => {
    const spoilt = await copyOf(good)
    const [{ name }] = recordingsOf(good)
    const bytes = Uint8Array.from(spoilt.storage.bytes(name))
    bytes[bytes.length - 3] ^= 1
    await put(spoilt.storage, name, bytes)
    expect(faultsOf(await check(spoilt))[0]).toMatch(/^seal-broken /)
  })

  it('while a recorder runs, the last recordings may wait for their seal', async () => {
    const lines = good.lines.toSpliced(sealed().at(-1)!, 1)
    const report = await check({ ...good, lines }, { isRunning: true })
    expect(report.isGood).toBe(true)
    expect(notesOf(report)).toEqual([expect.stringMatching(/^seal-missing .* waits for its seal/)])
  })
})

describe('verify, of folders that are at work or in ruins', () => {
  it('a folder without a ledger', async () => {
    const archive = await record(play(new Uint8Array(0)))
    const report = await check(archive, { ledgerName: 'elsewhere' })
    expect(faultsOf(report)).toEqual([expect.stringMatching(/^ledger-missing .*--adopt/)])
    const some = await check(archive, { ledgerName: 'elsewhere', only: () => false })
    expect(some.isGood).toBe(false)
  })
})

describe('verify, of hostile ledgers', () => {
  it('reaches for no file outside of the folder, and is not led astray', async () => {
    const archive = await record(play(new Uint8Array(0)))
    const file = SAMPLE_ENTRIES.find(({ type }) => type === 'recording') as RecordingLine
    const names = [
      '../a.mp3',
      '/etc/passwd',
      'a/../../b.mp3',
      '__proto__',
      'constructor',
      '\u0000.mp3',
      'x'.repeat(5000),
    ]
    archive.lines.push(
      ...names.map((name, seq) => JSON.stringify({ ...file, name, seq, titles: [] })),
      JSON.stringify({ ...file, run: '__proto__', source: 'constructor', seq: 2 ** 53 - 1 }),
      JSON.stringify({ ...file, bytes: 2 ** 53 - 1, samples: 2 ** 53 - 1, headerBytes: 2 ** 53 - 1, name: 'big' }),
      '{"__proto__":{"v":1},"type":"run"}',
    )
    const read: string[] = []
    const { storage } = archive
    const report = await check(archive, {
      storage: {
        location: 'memory',
        list: () => storage.list(),
        stat: (name) => storage.stat(name),
        read: (name, range) => {
          read.push(name)
          return storage.read(name, range)
        },
      },
    })
    expect(report.isGood).toBe(false)
    expect(read).toEqual(['.isr/ledger.jsonl'])
    expect(report.findings.filter(({ code }) => code === 'file-missing').length).toBeGreaterThanOrEqual(names.length)
  })

  it('a run of 2^53 recordings costs nothing', async () => {
    const archive = await record(play(new Uint8Array(0)))
    const file = SAMPLE_ENTRIES.find(({ type }) => type === 'recording')
    archive.lines.push(JSON.stringify({ ...file, seq: 2 ** 53 - 1 }))
    const startedMs = performance.now()
    const faults = faultsOf(await check(archive))
    expect(faults.some((fault) => fault.startsWith('line-missing'))).toBe(true)
    expect(performance.now() - startedMs).toBeLessThan(1000)
  })
})

describeWithTools(ENCODER_TOOLS, 'verify, of a part', () => {
  it('looks at the files that are asked for, and at nothing else', async () => {
    const good = await record(play(encodeKind(audioKind('MP3 CBR'), 1.6)))
    const [first, second] = recordingsOf(good)
    const spoilt = await copyOf(good)
    await spoilt.storage.remove(first.name)
    const progress: number[] = []
    const report = await check(spoilt, {
      only: (name) => name === second.name,
      onProgress: ({ name, doneBytes, totalBytes }) => {
        expect({ name, totalBytes }).toEqual({ name: second.name, totalBytes: second.bytes })
        progress.push(doneBytes)
      },
    })
    expect(report).toMatchObject({ isGood: true, recordings: 1, findings: [] })
    expect(progress.at(-1)).toBe(second.bytes)
    expect((await check(spoilt, { only: (name) => name === first.name })).isGood).toBe(false)
  })

  it('what is being recorded is no fault, what a crash left is', async () => {
    const good = await record(play(encodeKind(audioKind('FLAC'), 1.6)), { seal: false })
    const last = good.lines.findLastIndex((line) => line.includes('"type":"recording"'))
    const lines = good.lines.slice(0, last)
    const running = await check({ ...good, lines }, { mayBeOpen: () => true, isRunning: true })
    expect(running.isGood).toBe(true)
    expect(notesOf(running)).toEqual([expect.stringMatching(/^file-open .*is being recorded/)])
    const dead = await check({ ...good, lines })
    expect(faultsOf(dead)).toEqual([expect.stringMatching(/^file-unfinished .*isr repair/)])
  })
})
