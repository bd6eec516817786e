import { crc32 } from 'node:zlib'
import type { ProcessIdentity } from '../../presence/process-identity.js'
import { RECORD, RECORD_HEAD_BYTES, RECORD_MAGIC, recordBytes } from '../record.js'

/** Folder of the journals, in the folder of the recordings. */
export const JOURNAL_FOLDER = '.isr/journal'

/** The first half begins here; before it stands who writes. */
export const JOURNAL_HEAD_BYTES = 4096

/** What stands at the beginning of a journal. */
export interface JournalHead {
  readonly v: 1
  readonly halfBytes: number
  /** Whose it is. */
  readonly writer: ProcessIdentity
}

/** What a record in the journal says. */
export interface RecordFacts {
  readonly kind: number
  readonly serial: number
  readonly position: number
  readonly generation: number
}

/** The beginning of a journal as it is written. */
export function journalHead(head: JournalHead): Uint8Array {
  const bytes = new Uint8Array(JOURNAL_HEAD_BYTES)
  bytes.set(Buffer.from(`${JSON.stringify(head)}\n`))
  return bytes
}

/** What stands at the beginning of a journal; undefined where it is none. */
export function parseJournalHead(bytes: Uint8Array): JournalHead | undefined {
  try {
    const text = Buffer.from(bytes.subarray(0, JOURNAL_HEAD_BYTES)).toString('utf8')
    const head = JSON.parse(text.slice(0, text.indexOf('\n'))) as JournalHead
    const whole = head.v === 1 && Number.isSafeInteger(head.halfBytes) && head.halfBytes > 0
    return whole && typeof head.writer?.pid === 'number' && typeof head.writer.host === 'string' ? head : undefined
  } catch {
    return undefined
  }
}

/** Completes a record whose bytes are there; `at` is where its head begins. */
export function sealRecord(bytes: Uint8Array, at: number, length: number, facts: RecordFacts): void {
  const head = new DataView(bytes.buffer, bytes.byteOffset + at, RECORD_HEAD_BYTES)
  head.setUint32(0, RECORD_MAGIC, true)
  head.setUint32(4, facts.kind, true)
  head.setUint32(8, facts.serial, true)
  head.setUint32(12, length, true)
  head.setUint32(16, facts.position % 2 ** 32, true)
  head.setUint32(20, Math.floor(facts.position / 2 ** 32), true)
  head.setUint32(24, facts.generation, true)
  head.setUint32(28, checksum(bytes, at, length), true)
}

/** A record made whole. */
export function makeRecord(facts: RecordFacts, content: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(recordBytes(content.length))
  bytes.set(content, RECORD_HEAD_BYTES)
  sealRecord(bytes, 0, content.length, facts)
  return bytes
}

/** A record as it is read. */
export interface ReadRecord extends RecordFacts {
  readonly content: Uint8Array
  /** Where the next one begins. */
  readonly nextByte: number
}

/** The record at a place; undefined where there is none, or a torn one. */
export function readRecord(bytes: Uint8Array, at: number): ReadRecord | undefined {
  if (at + RECORD_HEAD_BYTES > bytes.length) return undefined
  const head = new DataView(bytes.buffer, bytes.byteOffset + at, RECORD_HEAD_BYTES)
  const length = head.getUint32(12, true)
  if (head.getUint32(0, true) !== RECORD_MAGIC || at + recordBytes(length) > bytes.length) return undefined
  if (head.getUint32(28, true) !== checksum(bytes, at, length)) return undefined
  const kind = head.getUint32(4, true)
  if (kind > RECORD.free) return undefined
  return {
    kind,
    serial: head.getUint32(8, true),
    position: head.getUint32(16, true) + head.getUint32(20, true) * 2 ** 32,
    generation: head.getUint32(24, true),
    content: bytes.subarray(at + RECORD_HEAD_BYTES, at + RECORD_HEAD_BYTES + length),
    nextByte: at + recordBytes(length),
  }
}

function checksum(bytes: Uint8Array, at: number, length: number): number {
  const ofHead = crc32(bytes.subarray(at, at + RECORD_HEAD_BYTES - 4))
  return crc32(bytes.subarray(at + RECORD_HEAD_BYTES, at + RECORD_HEAD_BYTES + length), ofHead)
}
