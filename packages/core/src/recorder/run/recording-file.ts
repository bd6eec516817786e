import { toIsrError, type IsrError } from '../../errors.js'
import type { MuxerContext, MuxerCounts, MuxerEnd } from '../../formats/format.js'
import type { FrameSpan } from '../../formats/frame-span.js'
import type { HeaderCapture } from '../../formats/header-capture.js'
import { ledgerTime } from '../../ledger/ledger-time.js'
import { LEDGER_VERSION, type FileFacts, type OpenLine, type RecordingLine } from '../../ledger/entry.js'
import type { Ledger } from '../../ledger/ledger.js'
import type { CloseReason, EpochMs, Recording, TitleMark } from '../../model.js'
import type { RecordingWriter, Storage } from '../../storages/storage.js'
import { sleep, type Clock } from '../../time/clock.js'
import type { FileTaps } from '../plugins/file-taps.js'
import type { GuardedMuxer } from '../plugins/guarded-muxer.js'
import type { PluginGuard } from '../plugins/plugin-guard.js'
import { headerHash, PayloadHash } from './payload-hash.js'
import type { Turn } from './turns.js'
import { UnsyncedTail } from './unsynced-tail.js'

/** What a {@link RecordingFile} is made of. */
export interface RecordingFileOptions {
  readonly storage: Storage
  readonly ledger: Ledger
  readonly clock: Clock
  /** It has begun. */
  readonly muxer: GuardedMuxer
  readonly guard: PluginGuard
  readonly taps: FileTaps
  /** Of what the file holds. */
  readonly header: HeaderCapture
  readonly context: MuxerContext & { readonly startedAt: EpochMs }
  /** Storage key wanted. */
  readonly name: string
  readonly run: string
  readonly sequence: number
  readonly timeZone?: string
  /** Its place among the files that open. */
  readonly opening: Turn
  /** The file exists. */
  readonly onOpen: (recording: Recording) => void
  /** The volume failed; the file takes no more. */
  readonly onFault: (error: IsrError) => void
}

/** How a file ended. */
export interface ClosedFile {
  /** Undefined when the file could not even be created. */
  readonly recording?: Recording
  /** Received bytes that the volume did not take. */
  readonly lostBytes: number
}

/** How a file ends. */
interface FileEnd extends MuxerEnd {
  readonly hashes: Hashes
}

type Hashes = Pick<RecordingLine, 'sha256' | 'headerSha256'>
/** Of a file whose volume or muxer failed. */
const UNKNOWN: Hashes = { sha256: '', headerSha256: '' }

const LEDGER_WAIT_MS = 2000

/** A hostile station may send a title a second; a line of the ledger stays readable. */
const MOST_TITLES = 1000

/** One file while it is written: muxes at once, queues bytes until the storage has created it, then hands them over. */
export class RecordingFile {
  #startedAt: EpochMs
  readonly #options: RecordingFileOptions
  readonly #muxer: GuardedMuxer
  readonly #hash: PayloadHash
  readonly #tail = new UnsyncedTail()
  readonly #titles: TitleMark[] = []
  readonly #created: Promise<RecordingWriter | undefined>
  #queue: Uint8Array[] | undefined
  #writer?: RecordingWriter
  #sizeBytes: number
  #receivedBytes = 0
  #fault?: IsrError

  constructor(options: RecordingFileOptions) {
    this.#options = options
    this.#startedAt = options.context.startedAt
    this.#muxer = options.muxer
    const { head } = options.muxer
    this.#sizeBytes = head.length
    this.#hash = new PayloadHash(head.length)
    this.#queue = [head]
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
    this.#tail.add(this.#sizeBytes, span.bytes.length + span.overheadBytes, this.#muxer.counts)
    this.#options.taps.write(span)
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
    return this.#recording(this.#muxer.counts)
  }

  /** Ends the file: tail, patches, sync, and in its turn the ledger line. Never rejects. */
  async close(reason: CloseReason, turn: Pick<Turn, 'ready'>): Promise<ClosedFile> {
    const { tail, patches, hashes } = this.#end()
    this.#append(tail)
    const writer = await this.#created
    if (!writer) {
      await turn.ready
      this.#options.taps.close(undefined)
      return { lostBytes: this.#receivedBytes }
    }
    try {
      await writer.commit(patches)
    } catch (error) {
      this.#break(toIsrError(error, 'ISR_STORAGE_FAILED'))
    }
    await turn.ready
    if (!this.#fault) {
      const closedBy = hashes === UNKNOWN ? 'error' : reason
      return { recording: this.#enter(closedBy, hashes, this.#muxer.counts, this.#receivedBytes), lostBytes: 0 }
    }
    const kept = this.#tail.durable(this.#sizeBytes - writer.unsyncedBytes)
    this.#sizeBytes -= writer.unsyncedBytes
    const recording = this.#enter('error', UNKNOWN, kept.counts ?? NOTHING, kept.receivedBytes)
    return { recording, lostBytes: this.#receivedBytes - kept.receivedBytes }
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
      this.#writer = writer
      const entered = this.#enterOpening()
      opening.done()
      await entered
      this.#options.onOpen(this.snapshot)
      this.#options.taps.open(this.snapshot)
      for (const bytes of this.#queue ?? []) writer.append(bytes)
      this.#queue = undefined
      writer.failed.catch((error: unknown) => this.#break(toIsrError(error, 'ISR_STORAGE_FAILED')))
      return writer
    } catch (error) {
      opening.done()
      this.#queue = undefined
      this.#break(toIsrError(error, 'ISR_STORAGE_FAILED'))
      return undefined
    }
  }

  /** The `open` line stands before the first audio byte; a ledger that cannot be written delays audio no longer than this. */
  async #enterOpening(): Promise<void> {
    const late = new AbortController()
    const written = this.#options.ledger.append(this.#openLine()).then(() => late.abort())
    await Promise.race([written, sleep(this.#options.clock, LEDGER_WAIT_MS, late.signal)])
  }

  #note(title: string, at: EpochMs): void {
    const { samples, held } = this.#muxer.counts
    if (this.#titles.length < MOST_TITLES) this.#titles.push({ at, sample: samples + (held?.samples ?? 0), title })
  }

  #append(bytes: Uint8Array): void {
    if (bytes.length === 0) return
    this.#sizeBytes += bytes.length
    try {
      if (this.#queue) this.#queue.push(bytes)
      else this.#writer?.append(bytes)
      if (this.#writer) this.#tail.forget(this.#sizeBytes - this.#writer.unsyncedBytes)
    } catch (error) {
      this.#break(toIsrError(error, 'ISR_STORAGE_FAILED'))
    }
  }

  #break(error: IsrError): void {
    if (this.#fault) return
    this.#fault = error
    this.#options.onFault(error)
  }

  /** The ledger keeps the order and tries again by itself: a recording never waits for it. */
  #enter(closedBy: CloseReason, hashes: Hashes, counts: MuxerCounts, receivedBytes: number): Recording {
    const recording = { ...this.#recording(counts), state: 'closed' as const, closedBy }
    const line: RecordingLine = {
      v: LEDGER_VERSION,
      type: 'recording',
      ...this.#facts(),
      seq: recording.sequence,
      samples: counts.samples,
      durationSeconds: recording.durationSeconds,
      bytes: recording.sizeBytes,
      headerBytes: this.#muxer.head.length,
      receivedBytes,
      ...hashes,
      frames: counts.frames,
      prerollFrames: counts.prerollFrames,
      prerollSamples: counts.prerollSamples,
      closedBy,
      titles: this.#titles.map(({ at, sample, title }) => ({ at: ledgerTime(at).time, sample, title })),
    }
    void this.#options.ledger.append(line)
    this.#options.taps.close(recording)
    return recording
  }

  #openLine(): OpenLine {
    const { context, sequence } = this.#options
    return {
      v: LEDGER_VERSION,
      type: 'open',
      ...this.#facts(),
      seq: sequence,
      headerBytes: this.#muxer.head.length,
      prerollFrames: this.#muxer.counts.prerollFrames,
      ...(context.title !== undefined && { title: context.title }),
    }
  }

  #facts(): Omit<FileFacts, 'v'> {
    const { header, context, run, timeZone } = this.#options
    const { time, utcOffset } = ledgerTime(this.#startedAt, timeZone)
    return {
      source: context.source,
      run,
      name: this.#writer?.name ?? this.#options.name,
      startedAt: time,
      utcOffset,
      format: header.format,
      codec: header.info.codec,
      sampleRate: header.info.sampleRateHz,
      channels: header.info.channels,
    }
  }

  #recording(counts: MuxerCounts): Recording {
    const { header, context, run, sequence } = this.#options
    return {
      name: this.#writer?.name ?? this.#options.name,
      source: context.source,
      format: header.format,
      info: header.info,
      startedAt: this.#startedAt,
      durationSeconds: counts.samples / header.info.sampleRateHz,
      samples: counts.samples,
      frames: counts.frames,
      sizeBytes: this.#sizeBytes,
      run,
      sequence,
      state: 'open',
    }
  }
}

const NOTHING: MuxerCounts = { frames: 0, samples: 0, prerollFrames: 0, prerollSamples: 0 }
