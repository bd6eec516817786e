/** A window to be measured. */
interface PlannedWindow {
  /** Where its middle is, in seconds of the file. */
  readonly middleSeconds: number
  /** Which column it is of. */
  readonly column: number
}

/** What is decoded in one go. */
export interface Stretch {
  /** In seconds of the file. */
  readonly fromSeconds: number
  /** In seconds of the file. */
  readonly toSeconds: number
  /** In order of time. */
  readonly windows: readonly PlannedWindow[]
}

/** What a plan is made for. */
export interface PlanOptions {
  /** In seconds of the file. */
  readonly startSeconds: number
  /** In seconds of the file. */
  readonly endSeconds: number
  /** Number of columns. */
  readonly columns: number
  /** Length of a window. */
  readonly windowSeconds: number
}

/** Longer ranges are not decoded whole. */
const WHOLE_SECONDS = 120
/** What is in memory at a time: at most a few megabytes. */
const STRETCH_SECONDS = 10
/** Places that are looked at in a long range: each costs a seek. */
const PLACES = 400
/** Windows at each of them, overlapping by half: what is decoded for one holds them all. */
const PLACE_WINDOWS = 4

/** Which windows are measured, so that any range costs about the same. */
export function planStretches(options: PlanOptions): {
  readonly stretches: Iterable<Stretch>
  readonly isSampled: boolean
} {
  const isSampled = options.endSeconds - options.startSeconds > WHOLE_SECONDS
  return { isSampled, stretches: isSampled ? places(options) : whole(options) }
}

/** Windows overlap by half at least, and each column has one. */
function* whole({ startSeconds, endSeconds, columns, windowSeconds }: PlanOptions): Generator<Stretch> {
  const columnSeconds = (endSeconds - startSeconds) / columns
  const each = Math.max(1, Math.ceil(columnSeconds / (windowSeconds / 2)))
  const total = columns * each
  const middleOf = (index: number) => startSeconds + ((index + 0.5) * columnSeconds) / each
  for (let index = 0; index < total;) {
    const windows: PlannedWindow[] = []
    const first = middleOf(index)
    for (; index < total && middleOf(index) - first < STRETCH_SECONDS; index++)
      windows.push({ middleSeconds: middleOf(index), column: Math.floor(index / each) })
    yield stretchOf(windows, windowSeconds)
  }
}

/** A few windows here and there in each column; columns beyond the number of places share one with their neighbours. */
function* places({ startSeconds, endSeconds, columns, windowSeconds }: PlanOptions): Generator<Stretch> {
  const together = Math.ceil(columns / PLACES)
  const each = Math.max(1, Math.floor(PLACES / columns))
  const columnSeconds = (endSeconds - startSeconds) / columns
  for (let first = 0; first < columns; first += together) {
    const count = Math.min(together, columns - first)
    for (let place = 0; place < each; place++) {
      const middle = startSeconds + (first + (count * (place + 0.5)) / each) * columnSeconds
      const windows = Array.from({ length: PLACE_WINDOWS * count }, (_, index) => {
        const step = Math.floor(index / count) - (PLACE_WINDOWS - 1) / 2
        return { middleSeconds: middle + (step * windowSeconds) / 2, column: first + (index % count) }
      })
      yield stretchOf(windows, windowSeconds)
    }
  }
}

function stretchOf(windows: readonly PlannedWindow[], windowSeconds: number): Stretch {
  const first = windows[0].middleSeconds
  const last = windows[windows.length - 1].middleSeconds
  return {
    fromSeconds: Math.max(0, first - windowSeconds / 2),
    toSeconds: last + windowSeconds / 2,
    windows,
  }
}
