import type { Patch } from '../../../model.js'
import type { Disk } from '../disk.js'
import type { Flusher } from '../flush/flusher.js'
import { Journal, type SlabRecord } from '../journal/journal.js'
import type { FolderFacts, SyncTick } from '../protocol.js'
import { RECORD } from '../record.js'
import { FlushPolicy, type FlushMeter } from './flush-policy.js'
import type { NewNames } from './folders.js'
import type { OpenFile } from './open-file.js'

/** Files are flushed themselves so often while a journal makes them durable. */
const TURN_MS = 30_000

/** What a {@link VolumeFolder} is made of. */
export interface VolumeFolderOptions {
  readonly disk: Disk
  readonly flusher: Flusher
  readonly names: NewNames
  readonly facts: FolderFacts
  readonly meter: FlushMeter
}

/** A piece of a batch: a record in a slab, and the file that it is of. */
export interface Piece extends Omit<SlabRecord, 'file'> {
  readonly file?: OpenFile
}

/**
 * The files of one folder: which of them must be flushed, and whether each by itself or all through a journal. Only writing waits for what is
 * called here; flushes go on beside it.
 */
export class VolumeFolder {
  readonly facts: FolderFacts
  readonly #options: VolumeFolderOptions
  readonly #policy: FlushPolicy
  readonly #files = new Set<OpenFile>()
  /** Journaled since the last flush of the journal began. */
  #touched = new Set<OpenFile>()
  /** Flushed because it is time, and whether it is time again. */
  readonly #dueAgain = new Map<OpenFile, boolean>()
  /** How many files are being flushed whose bytes the other half of the journal may be the only one to have. */
  #held = 0
  #released: Promise<void> = Promise.resolve()
  #journal?: Journal
  /** A journal is being made, or removed. */
  #changing?: Promise<void>
  #leaving = false
  #turning?: Promise<void>
  #makingRoom?: Promise<void>
  /** Of the journal: the flush that has begun, and the one behind it. */
  #flushing?: Promise<void>
  #nextFlush?: Promise<void>
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

  /**
   * Pieces of a batch were written to their files. Where the journal has no room they are not in it: then the files themselves are flushed.
   * @param spans - the slabs in which they stand
   */
  async journal(pieces: readonly Piece[], spans: readonly Uint8Array[]): Promise<void> {
    const journal = this.#journal
    if (!journal || this.#leaving || pieces.length === 0) return
    await this.#attempt(journal, async () => {
      if (!(await journal.addAll(pieces, spans))) {
        void this.#makeRoom(journal)
        return
      }
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
    this.#decide(this.#policy.decide(dirty.length, nowMs, intervalMs))
    const { isGrouped } = this
    if (isGrouped) for (const file of this.#touched) await file.watchName()
    for (const file of dirty) if (!(isGrouped && file.isJournaled)) void this.#syncInTime(file)
    if (!isGrouped) return
    void this.#flushJournal()
    const journal = this.#journal
    if (journal && this.#held === 0 && nowMs - this.#turnedMs >= TURN_MS) void this.#turn(journal)
  }

  /** Ends a file. Resolves when it is durable. @throws {@link StorageError} */
  async commit(file: OpenFile, patches: readonly Patch[]): Promise<void> {
    await file.patch(patches)
    const journal = this.#journal
    if (journal && patches.length > 0) await this.#addRoomily(journal, RECORD.data, file, patches)
    const isCovered = this.isGrouped && file.isJournaled
    // even where the file itself is flushed: the journal must not bring back what stood in its head before
    if (journal) await this.#flushJournal()
    if (!isCovered || this.#journal !== journal) await this.#sync(file, true)
    await file.named
    if (!file.fault) await file.watchName()
    if (file.fault) throw file.fault
    file.end()
    // what only the journal holds is flushed later
    if (!file.isDirty) await this.#drop(file)
    this.#look()
  }

  /** Gives up a file that has failed. */
  async abandon(file: OpenFile, keepBytes: number): Promise<void> {
    const journal = this.#journal
    if (journal) {
      await this.#addRoomily(journal, RECORD.cut, file, [{ offsetBytes: keepBytes, bytes: new Uint8Array(0) }])
      await this.#flushJournal()
    }
    await file.cut(keepBytes)
    await this.#drop(file)
    this.#look()
  }

  /** Also when there is no room at first. */
  async #addRoomily(journal: Journal, kind: number, file: OpenFile, pieces: readonly Patch[]): Promise<void> {
    await this.#attempt(journal, async () => {
      if (!(await journal.add(kind, file, pieces))) {
        await this.#makeRoom(journal)
        if (!(await journal.add(kind, file, pieces))) throw new Error('the journal is too small')
      }
      this.#touched.add(file)
    })
  }

  /** What was added to the journal so far becomes durable. One flush takes all who have come while the one before went on. */
  #flushJournal(): Promise<void> {
    if (!this.#flushing) {
      this.#flushing = this.#flushTouched().finally(() => {
        this.#flushing = undefined
      })
      return this.#flushing
    }
    this.#nextFlush ??= this.#flushing.then(() => {
      this.#nextFlush = undefined
      return this.#flushJournal()
    })
    return this.#nextFlush
  }

  async #flushTouched(): Promise<void> {
    const journal = this.#journal
    const touched = [...this.#touched].map((file) => ({ file, toBytes: file.journaledBytes }))
    this.#touched.clear()
    if (!journal || touched.length === 0) return
    await this.#attempt(journal, async () => {
      await journal.flush()
      for (const { file, toBytes } of touched) file.journalFlushed(toBytes)
    })
  }

  /** A file for which it is time again while it is being flushed follows itself. */
  async #syncInTime(file: OpenFile): Promise<void> {
    const isUnderWay = this.#dueAgain.has(file)
    this.#dueAgain.set(file, isUnderWay)
    if (isUnderWay) return
    do {
      this.#dueAgain.set(file, false)
      await this.#sync(file, false)
    } while (this.#dueAgain.get(file) && file.isDirty)
    this.#dueAgain.delete(file)
  }

  async #sync(file: OpenFile, isUrgent: boolean): Promise<void> {
    const tookMs = await file.sync(isUrgent)
    if (tookMs > 0) this.#options.meter.add(tookMs)
    // only the journal has it then
    if (file.isEnded && file.fault && this.#journal) await this.#giveUp(this.#journal)
  }

  async #drop(file: OpenFile): Promise<void> {
    this.#files.delete(file)
    this.#touched.delete(file)
    await file.close()
  }

  #decide(grouped: boolean): void {
    if (grouped === this.isGrouped || this.#changing) return
    if (!grouped) return this.#leave()
    if (this.#journal) this.#leaving = false
    else this.#change(() => this.#make())
  }

  #change(change: () => Promise<void>): void {
    this.#changing = change().finally(() => {
      this.#changing = undefined
      this.#look()
    })
  }

  async #make(): Promise<void> {
    const { disk, flusher, names, facts } = this.#options
    const { journalPath: path, journalHalfBytes: halfBytes, writer } = facts
    try {
      this.#journal = await Journal.create({ disk, flusher, names, path, halfBytes, writer })
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
    this.#look()
  }

  /** When nobody writes here any more, or the journal is needed no longer, it goes. */
  #look(): void {
    const journal = this.#journal
    if (!journal) return
    if (!this.#leaving) {
      if ([...this.#files].every(({ isEnded }) => isEnded)) this.#leave()
      return
    }
    if (this.#held > 0 || this.#changing) return
    this.#journal = undefined
    this.#leaving = false
    this.#change(() => journal.end())
  }

  /** The files themselves are to be flushed before what the journal holds of them may go. */
  #holdBack(): void {
    const files = [...this.#files].filter((file) => file.isDirty || file.isEnded)
    this.#released = Promise.all([this.#released, ...files.map((file) => this.#release(file))]).then(() => {})
  }

  async #release(file: OpenFile): Promise<void> {
    this.#held++
    await this.#sync(file, false)
    if (file.isEnded) await this.#drop(file)
    this.#held--
    this.#look()
  }

  #makeRoom(journal: Journal): Promise<void> {
    this.#makingRoom ??= this.#turnWhenReleased(journal).finally(() => {
      this.#makingRoom = undefined
    })
    return this.#makingRoom
  }

  async #turnWhenReleased(journal: Journal): Promise<void> {
    if (this.#turning) return this.#turning
    while (this.#held > 0) await this.#released
    await this.#turn(journal)
  }

  #turn(journal: Journal): Promise<void> {
    this.#turning ??= this.#attempt(journal, async () => {
      this.#turnedMs = this.#nowMs
      await journal.turn()
      if (this.#journal === journal) this.#holdBack()
    }).finally(() => {
      this.#turning = undefined
    })
    return this.#turning
  }

  /** What the journal does not take, the files do: at once, for whoever was told that it is durable. */
  async #attempt(journal: Journal, work: () => Promise<void>): Promise<void> {
    try {
      await work()
    } catch {
      await this.#giveUp(journal)
    }
  }

  async #giveUp(journal: Journal): Promise<void> {
    if (this.#journal !== journal) return
    this.#journal = undefined
    this.#leaving = false
    this.#policy.giveUp(this.#nowMs)
    const dirty = [...this.#files].filter((file) => file.isDirty)
    await Promise.all(dirty.map((file) => this.#sync(file, true)))
    const ended = [...this.#files].filter(({ isEnded }) => isEnded)
    const isWhole = ({ fault }: OpenFile) => !fault
    // those that nobody holds any more could not be flushed: only the journal has them
    if (ended.every(isWhole)) this.#change(() => journal.end())
    else this.#change(() => journal.keep([...this.#files].filter(isWhole)))
    for (const file of ended) await this.#drop(file)
  }
}
