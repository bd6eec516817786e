import type { EpochMs, StationConfig } from '@isr/core'

/** How much a line matters. */
export type Level = StationConfig['logLevel']

/** Levels in rising order. */
const LEVELS: readonly Level[] = ['DEBUG', 'INFO', 'WARNING', 'ERROR']

/** One line for people. */
export interface Line {
  /** When it came. */
  readonly at: EpochMs
  /** How much it matters. */
  readonly level: Level
  /** The source it tells about; absent for what concerns all. */
  readonly source?: string
  /** What happened, on one line. */
  readonly text: string
}

/** Takes lines. */
export interface LineSink {
  /** Never throws, never waits. */
  line(line: Line): void
}

/** Whether `level` is at least `least`. */
export function reaches(level: Level, least: Level): boolean {
  return LEVELS.indexOf(level) >= LEVELS.indexOf(least)
}
