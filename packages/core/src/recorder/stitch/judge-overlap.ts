import type { EpochMs } from '../../model.js'
import type { Alignment } from './alignment.js'

/** How far arrivals may be from the truth: a tick of reading, a network that takes a breath. In milliseconds. */
const JITTER_MS = 2000
/** Of several that fit, the best in time must be better by this, or nobody knows. In milliseconds. */
const CLEAR_MS = 1000

/** What is known of the time of both sides. */
export interface OverlapTimes {
  /** End of what we have. */
  readonly endsAt: EpochMs
  /** First frame of the new connection, as far as arrivals have told. */
  readonly startsAt: EpochMs
  /** Whether the burst is over: `startsAt` is as good as it will be. */
  readonly burstIsOver: boolean
}

/** Frames that came again, to the last one that we have. */
export interface ProvenOverlap {
  /** How many frames at the start of the connection are behind us. */
  readonly frames: number
  /** How much later than ours their audio came, in milliseconds. */
  readonly lagMs: number
}

/** `behind`: all frames so far are certainly among ours. `unproven`: nothing is certain. */
export type Verdict = ProvenOverlap | 'behind' | 'unproven'

/**
 * Whether the new connection goes on where we ended. When in doubt it does not: a gap is honest, a wrong join is not.
 *
 * - An overlap with a frame that exists once on both sides fits nowhere else, if its time is plausible: audio that is broadcast twice comes at
 *   least its own length later the second time, so what is longer than the difference in time is no repetition.
 * - Where all frames of the overlap exist several times (silence, a loop) time alone must tell, and tell clearly.
 */
export function judgeOverlap(alignment: Alignment, times: OverlapTimes): Verdict {
  const { endsAt, startsAt, burstIsOver } = times
  const fitting = alignment.overlaps
    .map((overlap) => ({ ...overlap, lagMs: startsAt + overlap.seconds * 1000 - endsAt }))
    .filter(({ lagMs, sharedSeconds }) => Math.abs(lagMs) <= Math.max(JITTER_MS, sharedSeconds * 1000 - CLEAR_MS))
    .sort((one, other) => Math.abs(one.lagMs) - Math.abs(other.lagMs))
  const unique = fitting.filter(({ isUnique }) => isUnique)
  // the rest of a burst will make it earlier
  const inTime = (all: typeof fitting) => all.filter(({ lagMs }) => Math.abs(lagMs) <= JITTER_MS)
  const likely = !burstIsOver ? inTime(unique) : unique.length > 0 ? unique : inTime(fitting)
  const [best, second] = likely
  if (!best || (second && Math.abs(second.lagMs) - Math.abs(best.lagMs) < CLEAR_MS)) return 'unproven'
  if (best.frames !== undefined) return { frames: best.frames, lagMs: best.lagMs }
  return best.isUnique ? 'behind' : 'unproven'
}

/** Whether frames came this much later than others of the same time because they took another way; less is jitter. */
export function isOtherWay(lagMs: number): boolean {
  return Math.abs(lagMs) > JITTER_MS
}
