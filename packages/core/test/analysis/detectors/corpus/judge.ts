import type { Section } from '../../../../src/analysis/detectors/detector.js'
import type { CorpusFile, TrueEvent } from './render.js'

/** What a detector found of what was there. */
export interface Tally {
  readonly events: number
  readonly found: number
  readonly sections: number
  readonly right: number
}

/** What lies within this many windows of an event counts as event: that near to each other, things are joined by definition. */
const GRACE_WINDOWS = 20

/** What was there, and whether it was found. */
export interface Verdict {
  readonly event: TrueEvent
  readonly found: boolean
}

/** An event is found when sections hold at least half of its energy; a section is right when at least half of its time is event. */
export function judge({ rms, events }: CorpusFile, sections: readonly Section[]): Tally & { verdicts: Verdict[] } {
  const happening = new Uint8Array(rms.length)
  for (const { startWindow, endWindow } of events) {
    happening.fill(1, Math.max(0, startWindow - GRACE_WINDOWS), endWindow + GRACE_WINDOWS)
  }
  const covered = new Uint8Array(rms.length)
  let right = 0
  for (const { startSeconds, endSeconds } of sections) {
    const [start, end] = [Math.round(startSeconds * 10), Math.round(endSeconds * 10)]
    const meant = happening.subarray(start, end).reduce((sum, window) => sum + window, 0)
    if (meant * 2 >= end - start) right++
    covered.fill(1, start, end)
  }
  const verdicts = events.map((event) => ({ event, found: energyWithin(event, covered) >= 0.5 }))
  const found = verdicts.filter((verdict) => verdict.found).length
  return { events: events.length, found, sections: sections.length, right, verdicts }
}

/** Several tallies as one. */
export function total(tallies: readonly Tally[]): Tally {
  const sum = (key: keyof Tally) => tallies.reduce((all, tally) => all + tally[key], 0)
  return { events: sum('events'), found: sum('found'), sections: sum('sections'), right: sum('right') }
}

/** Part of the events that were found, 0 to 1. */
export function recall({ events, found }: Tally): number {
  return found / events
}

/** Part of the sections that are right, 0 to 1. */
export function precision({ sections, right }: Tally): number {
  return right / sections
}

/** Part of an event's energy in windows that are set. */
function energyWithin({ startWindow, energy }: TrueEvent, windows: Uint8Array): number {
  let all = 0
  let within = 0
  for (const [index, power] of energy.entries()) {
    all += power
    if (windows[startWindow + index]) within += power
  }
  return within / all
}
