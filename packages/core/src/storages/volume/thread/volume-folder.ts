import type { Patch } from '../../../model.js'
import type { Disk } from '../disk.js'
import { Journal, type SlabRecord } from '../journal/journal.js'
import type { FolderFacts, SyncTick } from '../protocol.js'
import { RECORD, recordBytes } from '../record.js'
import { FlushPolicy, type FlushMeter } from './flush-policy.js'
import type { OpenFile } from './open-file.js'

/** Files are flushed themselves so often while a journal makes them durable. */
const TURN_MS = 30_000

/** What a {@link VolumeFolder} is made of. */
export interface VolumeFolderOptions {
  readonly disk: Disk
  readonly facts: FolderFacts
  readonly meter: FlushMeter
  /** Of the thread; for durations. */
  readonly now: () => number
}

/** A piece of a batch: a record in a slab, and the file that it is of. */
export interface Piece extends Omit<SlabRecord, 'file'> {
  readonly file?: OpenFile
}

/** The files of one folder: which of them must be flushed, and whether each by itself or all through a journal. */
export class VolumeFolder {
  readonly facts: FolderFacts
  readonly #options: VolumeFolderOptions
  readonly #policy: FlushPolicy
  readonly #files = new Set<OpenFile>()
  /** Waiting to be flushed themselves. */
  readonly #due = new Set<OpenFile>()
  /** Whose bytes stand in the other half of the journal alone. */
  readonly #heldBack = new Set<OpenFile>()
  /** Journaled since the last flush of the journal. */
  readonly #touched = new Set<OpenFile>()
  #journal?: Journal
  #leaving = false
  #turnedMs = 0
  #nowMs = 0

  constructor(options: VolumeFolderOptions) {
    this.facts = options.facts
    this.#options = options
    this.#policy = new FlushPolicy(options.facts.groupCommit, options.meter)
  }

  /** Whether files go through a journal. */
  get isGrouped(): boolean {
    return this.#journal !== undefined && !this.#leaving
  }

  /** A new file. */
  add(file: OpenFile): void {
    this.#files.add(file)
  }

  /** Pieces of a batch were written to their files. @param spans - the slabs in which they stand */
  async journal(pieces: readonly Piece[], spans: readonly Uint8Array[]): Promise<void> {
    const journal = this.#journal
    if (!journal || this.#leaving || pieces.length === 0) return
    const sizeBytes = spans.reduce((sum, span) => sum + span.length, 0)
    const files = pieces.flatMap(({ file }) => file ?? [])
    await this.#attempt(async () => {
      await this.#makeRoom(journal, sizeBytes, files)
      await journal.addAll(pieces, spans)
      for (const { file, position } of pieces) {
        if (!file) continue
        file.journaled(position)
        this.#touched.add(file)
      }
    })
  }

  /** Time to make durable what is not. */
  async tick({ nowMs, intervalMs }: SyncTick): Promise<void> {
    this.#nowMs = nowMs
    const dirty = [...this.#files].filter((file) => file.isDirty)
    await this.#decide(this.#policy.decide(dirty.length, nowMs, intervalMs))
    if (!this.isGrouped) {
      for (const file of dirty) this.#due.add(file)
      return
    }
    for (const file of this.#touched) await file.watchName()
    for (const file of dirty) if (!file.isJournaled) this.#due.add(file)
    await this.flushJournal()
    const journal = this.#journal
    if (!journal || this.#heldBack.size > 0 || nowMs - this.#turnedMs < TURN_MS) return
    await this.#attempt(() => this.#turn(journal))
  }

  /** What was added to the journal becomes durable. */
  async flushJournal(): Promise<void> {
    const journal = this.#journal
    if (!journal || this.#touched.size === 0) return
    await this.#attempt(async () => {
      await journal.flush()
      this.#flushed()
    })
  }

  /**
   * Ends a file: what is not durable then becomes so with the next flush of the journal.
   * @returns whether it is closed already
   * @throws {@link StorageError}
   */
  async commit(file: OpenFile, patches: readonly Patch[]): Promise<boolean> {
    await file.patch(patches)
    const journal = this.#journal
    if (journal) {
      await this.#attempt(async () => {
        const sizeBytes = patches.reduce((sum, { bytes }) => sum + recordBytes(bytes.length), 0)
        await this.#makeRoom(journal, sizeBytes, [file])
        for (const { offsetBytes, bytes } of patches) await journal.add(RECORD.data, file, offsetBytes, bytes)
        if (patches.length > 0) this.#touched.add(file)
      })
    }
    const isCovered = this.isGrouped && file.isJournaled
    // the journal must not bring back what stood in its head before
    if (!isCovered) {
      if (this.#journal) await this.flushJournal()
      await this.#sync(file)
    }
    if (!file.fault) await Promise.resolve(file.checkName())
    if (file.fault) throw file.fault
    if (!isCovered) {
      await this.#drop(file)
      return true
    }
    file.end()
    return false
  }

  /** Gives up a file that has failed. */
  async abandon(file: OpenFile, keepBytes: number): Promise<void> {
    const journal = this.#journal
    if (journal) {
      await this.#attempt(async () => {
        await this.#makeRoom(journal, recordBytes(0), [file])
        await journal.add(RECORD.cut, file, keepBytes, new Uint8Array(0))
        await journal.flush()
      })
    }
    await file.cut(keepBytes)
    await this.#drop(file)
  }

  /** Flushes one file that is due. @returns whether there was anything to do */
  async work(): Promise<boolean> {
    const [file] = this.#due
    if (file) {
      await this.#sync(file)
      if (file.isEnded && file.fault) await this.#giveUpJournal()
      else if (file.isEnded) await this.#drop(file)
      return true
    }
    if (!this.#journal) return false
    if (!this.#leaving && [...this.#files].every(({ isEnded }) => isEnded)) {
      // nobody writes here any more
      this.#leave()
      return true
    }
    if (!this.#leaving || this.#heldBack.size > 0) return false
    const journal = this.#journal
    this.#journal = undefined
    this.#leaving = false
    await journal.end()
    return true
  }

  async #sync(file: OpenFile): Promise<void> {
    this.#due.delete(file)
    const tookMs = await file.sync(this.#options.now)
    if (!file.fault) this.#options.meter.add(tookMs)
    this.#heldBack.delete(file)
  }

  async #drop(file: OpenFile): Promise<void> {
    for (const set of [this.#files, this.#due, this.#heldBack, this.#touched]) set.delete(file)
    await file.close()
  }

  async #decide(grouped: boolean): Promise<void> {
    if (grouped === this.isGrouped) return
    if (!grouped) return this.#leave()
    if (this.#journal) {
      this.#leaving = false
      return
    }
    const { disk, facts } = this.#options
    try {
      this.#journal = await Journal.create({
        disk,
        path: facts.journalPath,
        halfBytes: facts.journalHalfBytes,
        writer: facts.writer,
      })
      this.#turnedMs = this.#nowMs
    } catch {
      // a volume that takes no journal may still take files
      this.#policy.giveUp(this.#nowMs)
    }
  }

  /** Files are flushed by themselves again; the journal is needed until all of them are. */
  #leave(): void {
    this.#leaving = true
    this.#holdBack()
  }

  /** The files themselves are to be flushed before what the journal holds of them may go. */
  #holdBack(): void {
    for (const file of this.#files) {
      if (!file.isDirty && !file.isEnded) continue
      this.#due.add(file)
      this.#heldBack.add(file)
    }
  }

  async #makeRoom(journal: Journal, sizeBytes: number, files: readonly OpenFile[]): Promise<void> {
    if (journal.hasRoom(sizeBytes, files)) return
    for (const file of [...this.#heldBack]) await this.#sync(file)
    await this.#turn(journal)
  }

  async #turn(journal: Journal): Promise<void> {
    this.#turnedMs = this.#nowMs
    await journal.turn()
    this.#flushed()
    this.#holdBack()
  }

  #flushed(): void {
    for (const file of this.#touched) file.journalFlushed()
    this.#touched.clear()
  }

  /** What the journal does not take, the files do: at once, for whoever was told that it is durable. */
  async #attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work()
    } catch {
      await this.#giveUpJournal()
    }
  }

  async #giveUpJournal(): Promise<void> {
    const journal = this.#journal
    this.#journal = undefined
    this.#leaving = false
    this.#policy.giveUp(this.#nowMs)
    for (const file of [...this.#files]) if (file.isDirty) await this.#sync(file)
    const ended = [...this.#files].filter(({ isEnded }) => isEnded)
    const isWhole = ({ fault }: OpenFile) => !fault
    // those that nobody holds any more could not be flushed: only the journal has them
    if (ended.every(isWhole)) await journal?.end()
    else await journal?.keep([...this.#files].filter(isWhole))
    for (const file of ended) await this.#drop(file)
  }
}
