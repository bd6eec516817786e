import { ConfigError } from '../errors.js'
import type { ConfigProblem } from './station-config.js'

/**
 * One line for people: `config.ini:12: split_minutes: "abc" is not a number; write for example split_minutes = 60`.
 * Warnings say so after the place.
 */
export function formatProblem(problem: ConfigProblem): string {
  const { file, line, origin, section, key, message, severity } = problem
  const subject = origin !== undefined ? '' : (key ?? (section === undefined ? '' : `[${section}]`))
  const place = origin ?? (line === undefined ? file : `${file}:${line}`)
  const parts = [place, severity === 'warning' ? 'warning' : '', subject, message]
  // Names come from the file: they must not move the cursor of a terminal or break the line.
  return parts
    .filter((part) => part !== '')
    .join(': ')
    .replace(/[\0-\x1f\x7f-\x9f]/g, '?') // eslint-disable-line no-control-regex
}

/** The errors among `problems` as one `ISR_CONFIG_INVALID`, a line each. */
export function configError(problems: readonly ConfigProblem[]): ConfigError {
  const errors = problems.filter((problem) => problem.severity === 'error')
  return new ConfigError('ISR_CONFIG_INVALID', errors.map(formatProblem).join('\n'))
}

/** Collects what is wrong, and gives it in the order of the file. */
export class ProblemLog {
  readonly #problems: ConfigProblem[] = []
  readonly #file: string

  /** @param file - path as it was given */
  constructor(file: string) {
    this.#file = file
  }

  /** Whether something was reported that stops the start. */
  get hasErrors(): boolean {
    return this.#problems.some((problem) => problem.severity === 'error')
  }

  /** Something that stops the start. */
  error(place: ProblemPlace, message: string): void {
    this.#add({ file: this.#file, ...place, message, severity: 'error' })
  }

  /** Something that does not. */
  warn(place: ProblemPlace, message: string): void {
    this.#add({ file: this.#file, ...place, message, severity: 'warning' })
  }

  /** What is inherited by several sources is said once. */
  #add(problem: ConfigProblem): void {
    const line = formatProblem(problem)
    if (!this.#problems.some((known) => formatProblem(known) === line)) this.#problems.push(problem)
  }

  /** Everything so far: flags and environment first, then line by line, then what concerns the whole file. */
  list(): ConfigProblem[] {
    const rank = (problem: ConfigProblem): number => (problem.origin !== undefined ? 0 : (problem.line ?? Infinity))
    return [...this.#problems].sort((a, b) => (rank(a) === rank(b) ? 0 : rank(a) - rank(b)))
  }
}

/** Where a problem is. */
export type ProblemPlace = Pick<ConfigProblem, 'line' | 'origin' | 'section' | 'key'>
