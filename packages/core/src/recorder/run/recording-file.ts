import { toIsrError, type IsrError } from '../../errors.js'
import type { MuxerContext, MuxerCounts, MuxerEnd } from '../../formats/format.js'
import type { FrameSpan } from '../../formats/frame-span.js'
import type { Ledger } from '../../ledger/ledger.js'
import type { CloseReason, EpochMs, Recording } from '../../model.js'
import type { RecordingWriter, Storage } from '../../storages/storage.js'
import { within, type Clock } from '../../time/clock.js'
import type { FileTaps } from '../plugins/file-taps.js'
import type { GuardedMuxer } from '../plugins/guarded-muxer.js'
import type { PluginGuard } from '../plugins/plugin-guard.js'
import { headerHash, PayloadHash } from './payload-hash.js'
import { FileLines, type FileClosing, type FileIdentity, type FileProgress } from './lines/file-lines.js'
import type { FrameLog, LoggedSum } from './log/frame-log.js'
import type { Turn } from './turns.js'

/** What a {@link RecordingFile} is made of. */
export interface RecordingFileOptions extends FileIdentity {
  readonly storage: Storage
  readonly ledger: Ledger
  readonly clock: Clock
  /** It has begun. */
  readonly muxer: GuardedMuxer
  readonly guard: PluginGuard
  readonly taps: FileTaps
  /** Knows which frames are durable. */
  readonly log: FrameLog
  /** An encoder makes frames of its own: those of the log are samples. */
  readonly isEncoded: boolean
  readonly context: MuxerContext & { readonly startedAt: EpochMs }
  /** Storage key wanted. */
  readonly name: string
  /** Its place among the files that open. */
  readonly opening: Turn
  /** The file exists. */
  readonly onOpen: (recording: Recording) => void
  /** The volume failed; the file takes no more. */
  readonly onFault: (error: IsrError) => void
}

/** How a file ends. */
interface FileEnd extends MuxerEnd {
  readonly hashes: Hashes
}

type Hashes = Pick<FileClosing, 'sha256' | 'headerSha256'>
/** Of a file whose volume or muxer failed. */
const UNKNOWN: Hashes = { sha256: '', headerSha256: '' }

const LEDGER_WAIT_MS = 2000

/** One file while it is written: muxes at once, queues bytes until the storage has created it, then hands them over. */
export class RecordingFile {
  #startedAt: EpochMs
  readonly #options: RecordingFileOptions
  readonly #muxer: GuardedMuxer
  readonly #hash: PayloadHash
  readonly #lines: FileLines
  readonly #created: Promise<RecordingWriter | undefined>
  #queue: Uint8Array[] | undefined
  #writer?: RecordingWriter
  #sizeBytes: number
  #receivedBytes = 0
  #isOpened = false
  #isCommitted = false
  #fault?: IsrError
  #durableBytes = 0
  readonly #broken: Promise<undefined>
  #onBroken!: () => void

  constructor(options: RecordingFileOptions) {
    this.#options = options
    this.#broken = new Promise((resolve) => {
      this.#onBroken = () => resolve(undefined)
    })
    this.#startedAt = options.context.startedAt
    this.#muxer = options.muxer
    const { head } = options.muxer
    this.#sizeBytes = head.length
    this.#hash = new PayloadHash(head.length, !options.muxer.patchesHeadOnly)
    this.#queue = [head]
    this.#lines = new FileLines(options)
    if (options.context.title !== undefined) this.#note(options.context.title, this.#startedAt)
    this.#created = this.#create()
  }

  /** Wall clock of the first sample. */
  get startedAt(): EpochMs {
    return this.#startedAt
  }

  /**
   * The time of the first sample is known better now: the name stays, ledger and tags will tell the truth.
   * @throws when the muxer fails
   */
  retime(startedAt: EpochMs): void {
    this.#startedAt = startedAt
    this.#muxer.retime(startedAt)
  }

  /** Takes frames of this file's logical stream. @throws when the muxer fails: then they are in no file */
  write(span: FrameSpan): void {
    const bytes = this.#muxer.write(span)
    this.#receivedBytes += span.bytes.length + span.overheadBytes
    this.#hash.add(bytes)
    this.#append(bytes)
    this.#options.taps.write(span)
  }

  /** The frames that were written last are in the log now: tells it how far they are in the file. */
  note(): void {
    const { log, isEncoded } = this.#options
    const { frames, samples, waitingFrames = 0 } = this.#muxer.counts
    log.wrote(this.#sizeBytes, isEncoded ? samples : frames - waitingFrames, frames - waitingFrames)
  }

  /** Notes a title from the next frame on. @throws when the muxer fails */
  mark(title: string, at: EpochMs): void {
    this.#note(title, at)
    this.#muxer.mark(title)
  }

  /** Size so far. */
  get sizeBytes(): number {
    return this.#sizeBytes
  }

  /** Facts so far. */
  get snapshot(): Recording {
    return this.#lines.recording(this.#progress)
  }

  /** Bytes that are safe by now. */
  get durableBytes(): number {
    if (this.#fault || !this.#writer || this.#queue) return this.#durableBytes
    return this.#sizeBytes - this.#writer.unsyncedBytes
  }

  /** Bytes that have left this process, where the storage tells; else those that are safe. */
  get writtenBytes(): number {
    const waitingBytes = this.#writer?.waitingBytes
    if (waitingBytes === undefined || this.#fault || this.#queue) return this.durableBytes
    return this.#sizeBytes - waitingBytes
  }

  /**
   * Ends the file: tail, patches, sync; then in its turn the ledger line. Never rejects.
   * @returns undefined when the volume failed: the file is given up, and `enterFailed` says what is left of it
   */
  async close(reason: CloseReason, turn: Pick<Turn, 'ready'>): Promise<Recording | undefined> {
    const { tail, patches, hashes } = this.#end()
    this.#append(tail)
    this.note()
    const writer = await Promise.race([this.#created, this.#broken])
    if (writer) await Promise.race([this.#commit(writer, patches), this.#broken])
    await turn.ready
    if (this.#fault) return undefined
    const closedBy = hashes === UNKNOWN ? 'error' : reason
    return this.#enter(this.#progress, { closedBy, ...hashes, receivedBytes: this.#receivedBytes })
  }

  /** Gives the file up: nothing more of it is waited for. */
  break(error: IsrError): void {
    if (this.#fault) return
    this.#durableBytes = this.durableBytes
    this.#fault = error
    this.#onBroken()
    this.#options.onFault(error)
  }

  /**
   * Enters a file that was given up, with what is durable of it, and lets go of it in the background.
   * @returns undefined when it was not even created
   */
  enterFailed({ frames, samples, receivedBytes }: LoggedSum): Recording | undefined {
    if (this.#writer && !this.#isCommitted) void this.#commit(this.#writer, [])
    if (!this.#isOpened) {
      this.#options.taps.close(undefined)
      return undefined
    }
    this.#sizeBytes = this.#durableBytes
    const { prerollFrames, prerollSamples } = frames > 0 ? this.#muxer.counts : NOTHING
    const progress = { ...this.#progress, counts: { frames, samples, prerollFrames, prerollSamples } }
    return this.#enter(progress, { closedBy: 'error', ...UNKNOWN, receivedBytes })
  }

  async #commit(writer: RecordingWriter, patches: FileEnd['patches']): Promise<void> {
    this.#isCommitted = true
    try {
      await writer.commit(patches)
    } catch (error) {
      this.break(toIsrError(error, 'ISR_STORAGE_FAILED'))
    }
  }

  /** What a muxer says that has failed is used, because players may need it, and not vouched for: repair proves it. */
  #end(): FileEnd {
    let end: FileEnd = { tail: new Uint8Array(0), patches: [], hashes: UNKNOWN }
    this.#options.guard.attempt(() => {
      const { tail, patches } = this.#muxer.end()
      const headerSha256 = headerHash(this.#muxer.head, patches)
      const sha256 = this.#hash.finish(tail, patches)
      end = { tail, patches, hashes: this.#muxer.isSound ? { sha256, headerSha256 } : UNKNOWN }
    })
    return end
  }

  async #create(): Promise<RecordingWriter | undefined> {
    const { storage, name, opening } = this.#options
    try {
      const writer = await storage.create(name).finally(() => opening.ready)
      if (this.#fault) return await this.#undo(writer)
      this.#writer = writer
      this.#isOpened = true
      const entered = this.#enterOpening()
      opening.done()
      await entered
      if (this.#fault) return undefined
      this.#options.onOpen(this.snapshot)
      this.#options.taps.open(this.snapshot)
      for (const bytes of this.#queue ?? []) writer.append(bytes)
      this.#queue = undefined
      writer.failed.catch((error: unknown) => this.break(toIsrError(error, 'ISR_STORAGE_FAILED')))
      return writer
    } catch (error) {
      opening.done()
      this.break(toIsrError(error, 'ISR_STORAGE_FAILED'))
      this.#queue = undefined
      return undefined
    }
  }

  /** It was given up before it was there: nobody knows of it, and nothing is in it. */
  async #undo(writer: RecordingWriter): Promise<undefined> {
    const { opening, storage, ledger } = this.#options
    opening.done()
    await writer.commit([]).catch(() => {})
    try {
      await storage.remove(writer.name)
    } catch (error) {
      if (toIsrError(error, 'ISR_STORAGE_FAILED').code === 'ISR_STORAGE_NOT_FOUND') return
      // a volume that let it down may not let go of it either: the ledger tells of it, so that it is nobody else's
      const progress = { ...this.#progress, name: writer.name, sizeBytes: 0, counts: NOTHING }
      void ledger.append(this.#lines.open(progress))
      void ledger.append(this.#lines.closed(progress, { closedBy: 'error', ...UNKNOWN, receivedBytes: 0 }))
    }
  }

  /** The `open` line is written before the first audio byte, and flushed before it; a ledger that fails delays audio no longer than this. */
  async #enterOpening(): Promise<void> {
    const append = (done: () => void) =>
      void this.#options.ledger.append(this.#lines.open(this.#progress), done).then(done, done)
    await within(this.#options.clock, LEDGER_WAIT_MS, new Promise<void>(append))
  }

  #note(title: string, at: EpochMs): void {
    const { samples, held } = this.#muxer.counts
    this.#lines.title(title, at, samples + (held?.samples ?? 0))
  }

  #append(bytes: Uint8Array): void {
    if (bytes.length === 0 || this.#fault) return
    try {
      if (this.#queue) this.#queue.push(bytes)
      else this.#writer?.append(bytes)
      this.#sizeBytes += bytes.length
    } catch (error) {
      this.break(toIsrError(error, 'ISR_STORAGE_FAILED'))
    }
  }

  /** The ledger keeps the order and tries again by itself: a recording never waits for it. */
  #enter(progress: FileProgress, closing: FileClosing): Recording {
    const recording = { ...this.#lines.recording(progress), state: 'closed' as const, closedBy: closing.closedBy }
    void this.#options.ledger.append(this.#lines.closed(progress, closing))
    this.#options.taps.close(recording)
    return recording
  }

  get #progress(): FileProgress {
    return {
      name: this.#writer?.name ?? this.#options.name,
      startedAt: this.#startedAt,
      headerBytes: this.#muxer.head.length,
      sizeBytes: this.#sizeBytes,
      counts: this.#muxer.counts,
    }
  }
}

const NOTHING: MuxerCounts = { frames: 0, samples: 0, prerollFrames: 0, prerollSamples: 0 }
