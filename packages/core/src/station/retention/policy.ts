import type { EpochMs } from '../../model.js'

/** What may be kept of a source; what is absent sets no limit. */
export interface RetentionRules {
  /** Recordings that ended longer ago go, in days. */
  readonly keepDays?: number
  /** The oldest go while the recordings of the source are larger than this together, in bytes. */
  readonly keepBytes?: number
  /** The oldest go while the volume has less room than this, in bytes. */
  readonly minFreeBytes?: number
}

/** A finished recording as the rules see it. */
export interface KeptRecording {
  /** Storage key. */
  readonly name: string
  /** Name of the source. */
  readonly source: string
  /** Wall clock of its end. */
  readonly endsAt: EpochMs
  /** Size of the file. */
  readonly sizeBytes: number
  /** Somebody wants it kept: it never goes, and counts for nothing. */
  readonly isProtected: boolean
}

/** Which rule a recording fell under. */
export type RemovalReason = 'age' | 'size' | 'space'

/** The volume of a source. */
export interface SourceSpace {
  /** Sources on one volume share its room. */
  readonly volume: string
  /** Free room, in bytes. */
  readonly freeBytes: number
}

/** What is there. */
export interface RetentionView<R extends KeptRecording> {
  /** In any order. */
  readonly recordings: readonly R[]
  /** Wall clock. */
  readonly now: EpochMs
  /** The volume of each source; of one that is not named nobody knows how full it is. */
  readonly spaces: ReadonlyMap<string, SourceSpace>
}

/** What goes, and what that does not mend. */
export interface RetentionPlan<R extends KeptRecording> {
  /** In this order: the oldest first. */
  readonly removals: readonly { readonly recording: R; readonly reason: RemovalReason }[]
  /** Sources that have nothing left to go while their volume is too full, and how many bytes are missing. */
  readonly short: ReadonlyMap<string, number>
}

const DAY_MS = 86_400_000

/** Decides which recordings go. Knows no disk and no clock. */
export class RetentionPolicy {
  readonly #rules: ReadonlyMap<string, RetentionRules>

  /** @param rules - by source; recordings of other sources never go */
  constructor(rules: ReadonlyMap<string, RetentionRules>) {
    this.#rules = rules
  }

  /** What has to go now. */
  plan<R extends KeptRecording>({ recordings, now, spaces }: RetentionView<R>): RetentionPlan<R> {
    const oldestFirst = recordings
      .filter(({ source, isProtected }) => !isProtected && this.#rules.has(source))
      .sort(byAge)
    const sizes = new Map<string, number>()
    for (const { source, sizeBytes } of oldestFirst) sizes.set(source, (sizes.get(source) ?? 0) + sizeBytes)
    const free = new Map([...spaces.values()].map(({ volume, freeBytes }) => [volume, freeBytes]))
    const lackOf = (source: string) =>
      (this.#rules.get(source)?.minFreeBytes ?? 0) - (free.get(spaces.get(source)?.volume ?? '') ?? Infinity)
    const removals: { recording: R; reason: RemovalReason }[] = []
    const take = (recording: R, reason: RemovalReason) => {
      const { source, sizeBytes } = recording
      removals.push({ recording, reason })
      sizes.set(source, (sizes.get(source) ?? 0) - sizeBytes)
      const space = spaces.get(source)
      if (space) free.set(space.volume, (free.get(space.volume) ?? 0) + sizeBytes)
    }
    // what goes by age and size makes room: only what is missing then is taken for the volume
    const left = oldestFirst.filter((recording) => {
      const { keepDays = Infinity, keepBytes = Infinity } = this.#rules.get(recording.source) ?? {}
      const isOld = now - recording.endsAt > keepDays * DAY_MS
      const isTooMuch = (sizes.get(recording.source) ?? 0) > keepBytes
      if (isOld || isTooMuch) take(recording, isOld ? 'age' : 'size')
      return !isOld && !isTooMuch
    })
    for (const recording of left) if (lackOf(recording.source) > 0) take(recording, 'space')
    const lacks = [...this.#rules.keys()].map((source) => [source, lackOf(source)] as const)
    return {
      removals: removals.sort((one, other) => byAge(one.recording, other.recording)),
      short: new Map(lacks.filter(([, bytes]) => bytes > 0)),
    }
  }
}

function byAge(one: KeptRecording, other: KeptRecording): number {
  return one.endsAt - other.endsAt || (one.name < other.name ? -1 : 1)
}
