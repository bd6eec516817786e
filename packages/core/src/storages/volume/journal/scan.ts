import type { FileHandle } from 'node:fs/promises'
import { RECORD, RECORD_HEAD_BYTES } from '../record.js'
import { JOURNAL_HEAD_BYTES, readRecord, type ReadRecord } from './layout.js'

/** More than the longest record. */
const WINDOW_BYTES = 4 << 20

/** The records of one half, from its beginning to where its generation ends: there the power may have failed. */
export async function* recordsOf(journal: FileHandle, half: 0 | 1, halfBytes: number): AsyncGenerator<ReadRecord> {
  const startByte = JOURNAL_HEAD_BYTES + half * halfBytes
  let generation: number | undefined
  for (let at = 0; at < halfBytes;) {
    const window = new Uint8Array(Math.min(WINDOW_BYTES, halfBytes - at))
    const { bytesRead } = await journal.read(window, 0, window.length, startByte + at)
    const bytes = window.subarray(0, bytesRead)
    let used = 0
    for (let record = readRecord(bytes, 0); record; record = readRecord(bytes, used)) {
      generation ??= record.generation
      if (record.generation !== generation) return
      yield record
      used = record.nextByte
    }
    if (used === 0 || bytesRead < RECORD_HEAD_BYTES) return
    at += used
  }
}

/** A file that a journal tells of. */
export interface JournalFile {
  readonly name: string
  readonly inode: number
  /** Nothing behind it counts. */
  readonly cutByte: number
}

/** What a journal tells, its bytes aside. */
export interface JournalScan {
  readonly files: ReadonlyMap<number, JournalFile>
  /** Halves that count, the older first. */
  readonly halves: readonly (0 | 1)[]
}

/** Looks through a journal. @throws the error of Node.js */
export async function scanJournal(journal: FileHandle, halfBytes: number): Promise<JournalScan> {
  const files = new Map<number, JournalFile>()
  const found: { half: 0 | 1; generation: number; freesOther: boolean }[] = []
  for (const half of [0, 1] as const) {
    const facts = { half, generation: 0, freesOther: false }
    for await (const { kind, serial, position, content, generation } of recordsOf(journal, half, halfBytes)) {
      facts.generation = generation
      const file = files.get(serial)
      if (kind === RECORD.name) {
        const named = parseName(content)
        if (named) files.set(serial, { cutByte: Infinity, ...file, ...named })
      } else if (kind === RECORD.cut && file) files.set(serial, { ...file, cutByte: Math.min(file.cutByte, position) })
      else if (kind === RECORD.free) facts.freesOther = true
    }
    if (facts.generation > 0) found.push(facts)
  }
  found.sort((one, other) => one.generation - other.generation)
  const newest = found.at(-1)
  const counting = newest?.freesOther ? [newest] : found
  return { files, halves: counting.map(({ half }) => half) }
}

function parseName(content: Uint8Array): Pick<JournalFile, 'name' | 'inode'> | undefined {
  try {
    const { name, inode } = JSON.parse(Buffer.from(content).toString('utf8')) as Record<string, unknown>
    return typeof name === 'string' && typeof inode === 'number' ? { name, inode } : undefined
  } catch {
    return undefined
  }
}
