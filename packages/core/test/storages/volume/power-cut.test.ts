import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { JOURNAL_FOLDER, JOURNAL_HEAD_BYTES, parseJournalHead } from '../../../src/storages/volume/journal/layout.js'
import { replay } from '../../../src/storages/volume/journal/replay.js'
import { Lane } from '../../../src/storages/volume/lane.js'
import { VolumeRecording } from '../../../src/storages/volume/recording.js'
import { inProcess } from '../../../src/storages/volume/start-thread.js'
import { Volume } from '../../../src/storages/volume/volume.js'
import { FakeClock } from '../../../src/testing/fake-clock.js'
import { PowerCutDisk } from '../../support/power-cut-disk.js'

const root = mkdtempSync(join(tmpdir(), 'isr-power-'))
let count = 0
afterAll(() => rmSync(root, { recursive: true }))

/** A file, what it was given, and what was said to be durable of it. */
interface Told {
  readonly writer: VolumeRecording
  content: Buffer
  appendedBytes: number
  durableBytes: number
  isCommitted: boolean
}

type Step =
  | { readonly do: 'create' }
  | { readonly do: 'append'; readonly file: number; readonly bytes: number }
  | { readonly do: 'pass'; readonly ms: number }
  | { readonly do: 'commit'; readonly file: number; readonly patch: number }

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 2, arbitrary: fc.record({ do: fc.constant('create' as const) }) },
    {
      weight: 8,
      arbitrary: fc.record({
        do: fc.constant('append' as const),
        file: fc.nat(9),
        bytes: fc.integer({ min: 1, max: 20_000 }),
      }),
    },
    { weight: 8, arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.constantFrom(100, 1000, 31_000) }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('commit' as const), file: fc.nat(9), patch: fc.nat(4000) }) },
  ),
  { minLength: 10, maxLength: 60 },
)

/** Does the steps. @returns what was told at their end */
async function record(directory: string, disk: PowerCutDisk, todo: readonly Step[]): Promise<Told[]> {
  const clock = new FakeClock()
  const lane = await Lane.open(new Volume(inProcess(disk)), {
    directory,
    clock,
    syncMs: 1000,
    groupCommit: 'always',
    journalHalfBytes: 64 * 1024,
    mostWaitingBytes: 1 << 20,
  })
  const all: Told[] = []
  let fill = 0
  for (const step of todo) {
    const growing = all.filter(({ isCommitted }) => !isCommitted)
    const told = 'file' in step ? growing[step.file % Math.max(1, growing.length)] : undefined
    if (step.do === 'create') {
      const { recording } = await VolumeRecording.create({ lane, name: `f${all.length}.bin` })
      all.push({ writer: recording, content: Buffer.alloc(0), appendedBytes: 0, durableBytes: 0, isCommitted: false })
    } else if (step.do === 'pass') await clock.advance(step.ms)
    else if (told && step.do === 'append') {
      const bytes = Buffer.alloc(step.bytes, ++fill)
      told.writer.append(bytes)
      told.content = Buffer.concat([told.content, bytes])
      told.appendedBytes += bytes.length
    } else if (told && step.do === 'commit') {
      const patch = { offsetBytes: Math.min(step.patch, told.content.length), bytes: Buffer.from('PATCHED') }
      await told.writer.commit(told.content.length > step.patch + 7 ? [patch] : [])
      if (told.content.length > step.patch + 7) patch.bytes.copy(told.content, patch.offsetBytes)
      told.isCommitted = true
    }
    for (const file of all) file.durableBytes = file.appendedBytes - file.writer.unsyncedBytes
  }
  return all
}

async function replayAll(directory: string): Promise<number> {
  const folder = join(directory, JOURNAL_FOLDER)
  let restored = 0
  for (const name of existsSync(folder) ? readdirSync(folder) : []) {
    const journal = await open(join(folder, name), 'r')
    const first = new Uint8Array(JOURNAL_HEAD_BYTES)
    await journal.read(first, 0, first.length, 0)
    const head = parseJournalHead(first)
    if (head) restored += (await replay(journal, head.halfBytes, directory)).restoredBytes
    await journal.close()
  }
  return restored
}

describe('a power cut with group commit', () => {
  it('costs nothing that was said to be durable, whatever reached the disk of the rest', async () => {
    let restored = 0
    await fc.assert(
      fc.asyncProperty(steps, fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })), async (todo, chances) => {
        const directory = join(root, String(count++))
        const disk = new PowerCutDisk()
        // a flush goes on while others write: some for no time, some for several turns of the event loop
        disk.before = async (operation) => {
          if (operation !== 'datasync' && operation !== 'sync') return
          const chance = chances.next().value as number
          for (let turns = chance < 0.5 ? 0 : chance * 30; turns > 0; turns--)
            await new Promise((resolve) => setImmediate(resolve))
        }
        const all = await record(directory, disk, todo)
        disk.cutPower(() => chances.next().value as number)
        restored += await replayAll(directory)
        // once more, for the power may fail while it is done
        await replayAll(directory)
        for (const { writer, content, durableBytes, isCommitted } of all) {
          const isThere = existsSync(join(directory, writer.name))
          // its name may not be durable yet
          expect(isThere || (durableBytes === 0 && !isCommitted)).toBe(true)
          if (!isThere) continue
          const found = readFileSync(join(directory, writer.name))
          if (isCommitted) expect(found.equals(content)).toBe(true)
          else expect(found.subarray(0, durableBytes).equals(content.subarray(0, durableBytes))).toBe(true)
        }
      }),
      { numRuns: 150 },
    )
    expect(restored).toBeGreaterThan(100_000)
  })
})
