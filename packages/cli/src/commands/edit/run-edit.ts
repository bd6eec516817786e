import { IsrError, type EditOptions, type EditProgress } from '@isr/core'
import type { Io } from '../../io.js'
import { printError } from '../../output/errors.js'

/** A line at most so often. */
const PROGRESS_MS = 200

/**
 * Runs work on files: progress on a terminal, a signal stops it and no file stays.
 * @returns its result; undefined when it failed, and then everything is said
 */
export async function runEdit<Result>(
  io: Io,
  finish: (exitCode: number) => void,
  work: (options: EditOptions) => Promise<Result>,
): Promise<Result | undefined> {
  const stop = new AbortController()
  const silence = io.listen({
    // a second one ends at once
    onSignal: () => (stop.signal.aborted ? io.exit(1) : stop.abort()),
    onFatal: (error) => {
      printError(io.stderr, error instanceof Error ? error.message : String(error))
      io.exit(1)
    },
  })
  const line = progressLine(io)
  try {
    return await work({ signal: stop.signal, onProgress: line.show })
  } catch (error) {
    if (!(error instanceof IsrError)) throw error
    line.clear()
    printError(io.stderr, error.message)
    finish(error.code === 'ISR_ARGUMENT_INVALID' ? 2 : 1)
    return undefined
  } finally {
    line.clear()
    silence()
  }
}

/** `  42 %` rewritten in place; nothing where nobody looks. */
function progressLine({ stderr, clock }: Io) {
  let shownAt = clock.monotonicMs()
  let shown = false
  return {
    show({ doneSeconds, totalSeconds }: EditProgress): void {
      const now = clock.monotonicMs()
      if (!stderr.isTerminal || stderr.busy || now - shownAt < PROGRESS_MS) return
      shownAt = now
      shown = true
      const percent = totalSeconds > 0 ? Math.min(100, Math.floor((100 * doneSeconds) / totalSeconds)) : 0
      stderr.write(`\r${String(percent).padStart(4)} %`)
    },
    clear(): void {
      if (shown) stderr.write('\r\u001b[K')
      shown = false
    },
  }
}
