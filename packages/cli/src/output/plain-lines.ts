import pc from 'picocolors'
import type { Level, Line, LineSink } from './line.js'
import { reaches } from './line.js'
import type { Output } from './output.js'
import { printable } from './safe-text.js'
import type { Redact } from './safe-text.js'
import { localTime } from './units.js'

/** `2026-11-22 17:00:00 INFO radio: recording 20261122_170000.mp3`, safe to show, without a line end. */
export function formatLine({ at, level, source, text }: Line, redact: Redact): string {
  return redact(`${localTime(at)} ${level} ${source === undefined ? '' : `${printable(source)}: `}${printable(text)}`)
}

/** The line in the colour of its level. */
export function paint(text: string, level: Level, hasColors: boolean): string {
  const colors = pc.createColors(hasColors)
  if (level === 'ERROR') return colors.red(text)
  if (level === 'WARNING') return colors.yellow(text)
  return level === 'DEBUG' ? colors.dim(text) : text
}

/** Settings of {@link PlainLines}. */
export interface PlainLinesOptions {
  /** Takes what is as it should be. */
  readonly normal: Output
  /** Takes warnings and errors. */
  readonly trouble: Output
  /** Least level that is shown. */
  readonly level: Level
  /** Hides secrets. */
  readonly redact: Redact
}

/** One line per event, for services, pipes and files. */
export class PlainLines implements LineSink {
  readonly #options: PlainLinesOptions

  constructor(options: PlainLinesOptions) {
    this.#options = options
  }

  line(line: Line): void {
    const { normal, trouble, level, redact } = this.#options
    if (!reaches(line.level, level)) return
    const output = reaches(line.level, 'WARNING') ? trouble : normal
    const dropped = output.takeDropped()
    if (dropped > 0) output.write(`(${dropped} lines are missing here: nobody read them in time)\n`)
    output.write(`${paint(formatLine(line, redact), line.level, output.hasColors)}\n`)
  }
}
