import type { IsrError } from '../../errors.js'
import type { GuardedEmitter } from '../../events.js'
import type { EpochMs } from '../../model.js'
import type { RecorderEvents } from '../events.js'
import type { RunObserver } from '../run/run-options.js'
import type { GapTracker } from './gap-tracker.js'
import type { Totals } from './totals.js'

/** What {@link announceRun} works with. */
export interface RunAnnouncement {
  readonly source: string
  /** The run. */
  readonly run: string
  /** What its connection tells of the station. */
  readonly facts: Readonly<Record<string, string>>
  readonly events: GuardedEmitter<RecorderEvents>
  readonly gaps: GapTracker
  /** Counted on. */
  readonly totals: Totals
  /** The first audio of the run is there. */
  readonly onAudio: (at: EpochMs) => void
  readonly onTitle: (title: string) => void
  readonly onWarning: (code: string, message: string) => void
  /** The run cannot go on. */
  readonly onFault: (error: IsrError) => void
}

/** What a run tells becomes events, gaps and sums of its recorder. */
export function announceRun(announcement: RunAnnouncement): RunObserver {
  const { source, run, facts, events, gaps, totals, onAudio, onTitle, onWarning, onFault } = announcement
  return {
    onSeam: (seam) => {
      totals.seams++
      gaps.join()
      events.emit('seam', { source, run, ...seam })
    },
    onAudio: (at) => {
      gaps.end(at)
      onAudio(at)
      events.emit('run:start', { source, run, at, facts })
    },
    onOpen: (recording) => events.emit('recording:open', recording),
    onClose: (recording) => {
      totals.recordings++
      events.emit('recording:close', recording)
    },
    onDiscard: (discard, at) => {
      totals.discard(discard)
      events.emit('discard', { source, at, ...discard })
    },
    onMetadata: (values, at) => {
      if (values.title !== undefined) onTitle(values.title)
      events.emit('metadata', { source, at, values })
    },
    onWarning,
    onLost: (lost) => gaps.tell(lost),
    onBreak: (ended, next, at) => {
      events.emit('run:end', { source, at, ...ended })
      events.emit('run:start', { source, run: next, at, facts })
    },
    onFault: (error) => {
      if (error.code === 'ISR_PLUGIN_FAILED') events.emit('error', { source, error })
      onFault(error)
    },
  }
}
