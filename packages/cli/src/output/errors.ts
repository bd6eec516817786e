import { formatProblem, IsrError } from '@isr/core'
import type { ConfigProblem } from '@isr/core'
import type { Output } from './output.js'
import { paint } from './plain-lines.js'
import { printable } from './safe-text.js'

/** The command ends with exit code 2, and one line says why. */
export class UsageError extends Error {}

/** One line to standard error: `isr: no such file`. */
export function printError(output: Output, message: string): void {
  output.write(`${paint(`isr: ${printable(message)}`, 'ERROR', output.hasColors)}\n`)
}

/** A line for each problem. */
export function printProblems(output: Output, problems: readonly ConfigProblem[]): void {
  for (const problem of problems) {
    const level = problem.severity === 'error' ? 'ERROR' : 'WARNING'
    output.write(`${paint(formatProblem(problem), level, output.hasColors)}\n`)
  }
}

/** What to say of something thrown that nobody expected. */
export function unexpectedMessage(error: unknown): string {
  if (error instanceof IsrError) return `${error.message} (${error.code})`
  return `a fault in isr itself: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`
}
