import { constants } from 'node:fs'
import { dirname } from 'node:path'
import { StorageError } from '../../../errors.js'
import type { Patch } from '../../../model.js'
import type { ProcessIdentity } from '../../presence/process-identity.js'
import { writeWhole, type Disk, type Eventually } from '../disk.js'
import { RECORD, recordBytes } from '../record.js'
import { flushed, type Flusher } from '../flush/flusher.js'
import { allDurable, type NewNames } from '../thread/folders.js'
import { JOURNAL_HEAD_BYTES, journalHead, makeRecord, sealRecord } from './layout.js'

/** A file as its journal names it. */
export interface JournaledFile {
  readonly serial: number
  readonly name: string
  readonly inode: number
}

/** A record that stands in a slab: its bytes are there, its head is completed here. */
export interface SlabRecord {
  readonly slab: Uint8Array
  /** Where its head begins. */
  readonly at: number
  readonly length: number
  /** Undefined where the file has failed. */
  readonly file?: JournaledFile
  readonly position: number
}

/** What a {@link Journal} is made of. */
export interface JournalOptions {
  readonly disk: Disk
  readonly flusher: Flusher
  readonly names: NewNames
  readonly path: string
  readonly halfBytes: number
  readonly writer: ProcessIdentity
}

/** A flush of written blocks needs no new place on the disk: so much is filled with zeros ahead. */
const AHEAD_BYTES = 4 << 20
const FREE_BYTES = recordBytes(0)

/**
 * A file of two halves that takes the pieces of many files, one behind the other, so that one flush makes all of them durable. While one
 * half is filled, the files whose pieces stand in the other are flushed themselves; then that one may be filled anew.
 */
export class Journal {
  readonly #options: JournalOptions
  readonly #handle: number
  readonly #named = new Set<number>()
  readonly #filledBytes: [number, number] = [0, 0]
  #half: 0 | 1 = 0
  #usedBytes = 0
  #generation = 1
  #writes: Promise<void> = Promise.resolve()
  #flushes: Promise<void> = Promise.resolve()
  #isBroken = false
  #isClosed = false

  private constructor(options: JournalOptions, handle: number) {
    this.#options = options
    this.#handle = handle
  }

  /** Makes one; its name is durable. @throws the error of Node.js */
  static async create(options: JournalOptions): Promise<Journal> {
    const { disk, flusher, names, path, halfBytes, writer } = options
    const { O_RDWR, O_CREAT, O_EXCL } = constants
    const made = await names.makeFolder(dirname(path))
    const journal = new Journal(options, await disk.open(path, O_RDWR | O_CREAT | O_EXCL))
    try {
      await writeWhole(disk, journal.#handle, journalHead({ v: 1, halfBytes, writer }), 0)
      made.push(await names.of(dirname(path)))
      names.begin()
      await flushed(flusher, journal.#handle, true)
      await allDurable(made)
      return journal
    } catch (error) {
      await journal.end()
      throw error
    }
  }

  /**
   * Goes on in the other half: what stands there is durable in the files. That is said before anything there is written over, for half of
   * it would tell of files as they were. @throws the error of Node.js
   */
  async turn(): Promise<void> {
    await this.#inTurn(async () => {
      const facts = { kind: RECORD.free, serial: 0, position: 0, generation: this.#generation }
      await this.#write(makeRecord(facts, new Uint8Array(0)))
    })
    await this.flush()
    await this.#inTurn(() => {
      this.#half = this.#half === 0 ? 1 : 0
      this.#generation++
      this.#usedBytes = 0
      this.#named.clear()
    })
  }

  /**
   * Adds records that stand in slabs back to back. @param spans - where
   * @returns whether there was room for them
   * @throws the error of Node.js
   */
  addAll(records: readonly SlabRecord[], spans: readonly Uint8Array[]): Promise<boolean> {
    return this.#inTurn(async () => {
      const sizeBytes = spans.reduce((sum, span) => sum + span.length, 0)
      const files = new Set(records.flatMap(({ file }) => file ?? []))
      if (!this.#hasRoom(sizeBytes, files)) return false
      const generation = this.#generation
      for (const file of files) await this.#introduce(file)
      for (const { slab, at, length, file, position } of records) {
        const kind = file ? RECORD.data : RECORD.void
        sealRecord(slab, at, length, { kind, serial: file?.serial ?? 0, position, generation })
      }
      for (const span of spans) await this.#write(span)
      return true
    })
  }

  /** Adds records of one file. @returns whether there was room for them @throws the error of Node.js */
  add(kind: number, file: JournaledFile, pieces: readonly Patch[]): Promise<boolean> {
    return this.#inTurn(async () => {
      const sizeBytes = pieces.reduce((sum, { bytes }) => sum + recordBytes(bytes.length), 0)
      if (!this.#hasRoom(sizeBytes, [file])) return false
      await this.#introduce(file)
      for (const { offsetBytes: position, bytes } of pieces)
        await this.#write(makeRecord({ kind, serial: file.serial, position, generation: this.#generation }, bytes))
      return true
    })
  }

  /** Makes it durable. @throws the error of Node.js, {@link StorageError} when it was removed */
  async flush(): Promise<void> {
    const { flusher, path } = this.#options
    if (this.#isClosed) throw new Error('the journal is closed')
    const flushing = flushed(flusher, this.#handle)
    this.#flushes = Promise.allSettled([this.#flushes, flushing]).then(() => {})
    try {
      const { links } = await flushing
      // after one that failed the next one says that all is well, and it is not
      if (links > 0 && !this.#isBroken) return
    } catch (error) {
      this.#isBroken = true
      throw error
    }
    throw new StorageError('ISR_STORAGE_NOT_FOUND', `cannot write ${path}: it was removed, or a flush has failed`)
  }

  /** Removes it, and makes sure that it never comes back: what it says is not true for ever. Never rejects. */
  async end(): Promise<void> {
    const { disk, flusher, path } = this.#options
    await this.#each([
      () => this.#inTurn(() => this.#close()),
      () => writeWhole(disk, this.#handle, new Uint8Array(JOURNAL_HEAD_BYTES), 0),
      () => flushed(flusher, this.#handle),
      () => disk.unlink(path),
      () => this.#flushes,
      () => disk.close(this.#handle),
    ])
  }

  /** Leaves it to recovery: a file could not be flushed, and it stands here. `others` are whole. Never rejects. */
  async keep(others: Iterable<JournaledFile>): Promise<void> {
    const { disk, flusher } = this.#options
    const nothing = { offsetBytes: 0, bytes: new Uint8Array(0) }
    await this.#each([
      async () => {
        for (const file of others) await this.add(RECORD.cut, file, [nothing])
      },
      () => this.#inTurn(() => this.#close()),
      () => flushed(flusher, this.#handle),
      () => this.#flushes,
      () => disk.close(this.#handle),
    ])
  }

  /** Each does a part by itself. */
  async #each(steps: readonly (() => unknown)[]): Promise<void> {
    for (const step of steps) {
      try {
        await step()
      } catch {
        // a volume that fails takes what it takes
      }
    }
  }

  /** Records stand one behind the other, and so they are written. */
  #inTurn<Result>(work: () => Eventually<Result>): Promise<Result> {
    const result = this.#writes.then(() => {
      if (this.#isClosed) throw new Error('the journal is closed')
      return work()
    })
    this.#writes = result.then(
      () => {},
      () => {},
    )
    return result
  }

  /** Its handle may be that of another file soon. */
  #close(): void {
    this.#isClosed = true
  }

  #hasRoom(bytes: number, files: Iterable<JournaledFile>): boolean {
    let needed = bytes
    for (const file of files) if (!this.#named.has(file.serial)) needed += this.#nameOf(file).length
    return this.#usedBytes + needed + FREE_BYTES <= this.#options.halfBytes
  }

  async #introduce(file: JournaledFile): Promise<void> {
    if (this.#named.has(file.serial)) return
    await this.#write(this.#nameOf(file))
    this.#named.add(file.serial)
  }

  #nameOf({ serial, name, inode }: JournaledFile): Uint8Array {
    const content = Buffer.from(JSON.stringify({ name, inode }))
    return makeRecord({ kind: RECORD.name, serial, position: 0, generation: this.#generation }, content)
  }

  async #write(bytes: Uint8Array): Promise<void> {
    const { disk, halfBytes } = this.#options
    if (this.#usedBytes + bytes.length > halfBytes) throw new Error('the half of the journal is full')
    const start = JOURNAL_HEAD_BYTES + this.#half * halfBytes
    while (this.#filledBytes[this.#half] < this.#usedBytes + bytes.length) {
      const filled = this.#filledBytes[this.#half]
      const zeros = new Uint8Array(Math.min(AHEAD_BYTES, halfBytes - filled))
      await writeWhole(disk, this.#handle, zeros, start + filled)
      this.#filledBytes[this.#half] = filled + zeros.length
    }
    await writeWhole(disk, this.#handle, bytes, start + this.#usedBytes)
    this.#usedBytes += bytes.length
  }
}
