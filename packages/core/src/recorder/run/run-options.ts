import type { IsrError } from '../../errors.js'
import type { Format, SplitJoin } from '../../formats/format.js'
import type { Ledger } from '../../ledger/ledger.js'
import type { Discard, EpochMs, Recording, StreamMetadata } from '../../model.js'
import type { Splitter } from '../../splitters/splitter.js'
import type { Storage } from '../../storages/storage.js'
import type { Clock } from '../../time/clock.js'
import type { LiveAudio } from '../live/live-audio.js'
import type { RecordingTap } from '../tap.js'
import type { SourceTail } from '../stitch/source-tail.js'
import type { RunTrigger } from '../trigger/trigger-gate.js'
import type { SourceLog } from './log/source-log.js'
import type { Naming } from './naming.js'
import type { Outage } from './outage/outage.js'

/** Where a run goes on, without a gap, from the one before. */
interface Seam {
  /** The run that it goes on from. */
  readonly previousRun: string
  /** Frames that came again and were not kept. */
  readonly overlapFrames: number
  /** Wall clock of its first sample: the end of that run. */
  readonly at: EpochMs
}

/** Audio that was received and that no volume took. */
export interface LostAudio {
  readonly run: string
  readonly from: EpochMs
  readonly to: EpochMs
  readonly cause: IsrError
}

/** A run that ended because audio behind it is lost. */
interface BrokenRun {
  readonly run: string
  readonly receivedBytes: number
  readonly cause: IsrError
}

/** What a run tells its recorder. */
export interface RunObserver {
  /** The run goes on from another one; `onAudio` follows. */
  onSeam(seam: Seam): void
  /** The first sample of the run is known and timed. */
  onAudio(at: EpochMs): void
  /** A file exists. */
  onOpen(recording: Recording): void
  /** A file is complete. */
  onClose(recording: Recording): void
  /** Bytes were not kept. */
  onDiscard(discard: Discard, at: EpochMs): void
  /** Titles changed. */
  onMetadata(values: StreamMetadata, at: EpochMs): void
  /** Something was survived. */
  onWarning(code: string, message: string): void
  /** A volume took nothing for longer than memory lasts: audio of `run` is lost. */
  onLost(lost: LostAudio): void
  /** What follows on lost audio is another run: that before has ended, this one has begun. */
  onBreak(ended: BrokenRun, run: string, at: EpochMs): void
  /** The run cannot go on. */
  onFault(error: IsrError): void
}

/** What a run is made of. */
export interface RunOptions {
  /** Identifies the run in the ledger. */
  readonly id: string
  /** Name of the source. */
  readonly source: string
  readonly clock: Clock
  readonly storage: Storage
  readonly ledger: Ledger
  /** Frames that are not durable. */
  readonly log: SourceLog
  /** Whether the storage takes files. */
  readonly outage: Outage
  readonly formats: readonly Format[]
  readonly splitter: Splitter
  readonly naming: Naming
  readonly splitJoin: SplitJoin
  readonly opusPrerollMs: number
  /** Time of the first sample, when it is known: the run goes on after a loss. Absent: the arrivals tell it. */
  readonly startingAt?: EpochMs
  /** The end of the run before, which this one may go on from, and adds to. Default: it goes on from nothing. */
  readonly tail?: SourceTail
  readonly observer: RunObserver
  /** Records only when there is something to be heard. Default: everything. */
  readonly trigger?: RunTrigger
  /** See every file. Default none. */
  readonly taps?: readonly RecordingTap[]
  /** Hears every frame that is to be recorded, before it is in a file. Default nobody. */
  readonly live?: Pick<LiveAudio, 'push' | 'endOf'>
}
