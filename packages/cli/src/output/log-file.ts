import { close, createWriteStream, mkdir, open, write, writev } from 'node:fs'
import type { WriteStream } from 'node:fs'
import { dirname } from 'node:path'
import type { Clock } from '@isr/core'
import type { Level, Line, LineSink } from './line.js'
import { reaches } from './line.js'
import { formatLine } from './plain-lines.js'
import type { Redact } from './safe-text.js'
import { sleepUnless } from '../session/wait.js'

/** Text that may wait for a disk that stands still. */
const MAX_WAITING_BYTES = 1024 * 1024
/** Pause before a file that failed is opened again. */
const RETRY_MS = 60_000

/** Settings of {@link LogFile}. */
export interface LogFileOptions {
  /** Path; lines are added at its end. */
  readonly path: string
  /** Least level that is kept. */
  readonly level: Level
  /** Hides secrets. */
  readonly redact: Redact
  /** Timers. */
  readonly clock: Clock
  /** Told when the file cannot be written, once until it can again. */
  readonly onFault: (message: string) => void
}

/** The log of the configuration: the same lines in a file. A file that cannot be written never stops a recording. */
export class LogFile implements LineSink {
  readonly #options: LogFileOptions
  #stream?: WriteStream
  #failedAtMs?: number
  #told = false
  #closing = false

  constructor(options: LogFileOptions) {
    this.#options = options
    this.#open()
  }

  line(line: Line): void {
    const { level, redact, clock } = this.#options
    if (this.#closing || !reaches(line.level, level)) return
    if (this.#failedAtMs !== undefined && clock.monotonicMs() - this.#failedAtMs >= RETRY_MS) this.#open()
    if (!this.#stream || this.#stream.writableLength > MAX_WAITING_BYTES) return
    this.#stream.write(`${formatLine(line, redact)}\n`, (error) => {
      if (!error) this.#told = false
    })
  }

  /** Writes what waits, for at most `timeoutMs`. */
  async close(timeoutMs: number): Promise<void> {
    this.#closing = true
    const stream = this.#stream
    if (!stream) return
    const closed = new Promise<void>((resolve) => stream.once('close', resolve))
    stream.end()
    await sleepUnless(this.#options.clock, timeoutMs, closed)
  }

  #open(): void {
    this.#failedAtMs = undefined
    const stream = createWriteStream(this.#options.path, {
      flags: 'a',
      fs: { open: openInFolder, write, writev, close },
    })
    stream.on('error', (error) => {
      if (this.#stream === stream) this.#fail(error)
    })
    this.#stream = stream
  }

  #fail(error: unknown): void {
    this.#stream = undefined
    this.#failedAtMs = this.#options.clock.monotonicMs()
    if (this.#told) return
    this.#told = true
    const { code, message } = error as NodeJS.ErrnoException
    this.#options.onFault(
      `the log file ${this.#options.path} cannot be written (${code ?? message}); recording goes on`,
    )
  }
}

/**
 * Makes the folder of the file first; what is wrong with it shows when the file is opened. Not `recursive`: that loops for
 * ever in Node.js where a folder exists and yet refuses others with ENOENT, as /proc does.
 */
const openInFolder = ((
  path: string,
  flags: string,
  mode: number,
  callback: (error: Error | null, fd: number) => void,
) => {
  mkdir(dirname(path), () => open(path, flags, mode, callback))
}) as typeof open
