import type { StationConfig, StationStatus } from '@isr/core'
import type { Io } from '../io.js'
import type { Level, Line, LineSink } from '../output/line.js'
import { LogFile } from '../output/log-file.js'
import type { Output } from '../output/output.js'
import { PlainLines } from '../output/plain-lines.js'
import type { Redact } from '../output/safe-text.js'
import { StatusTable } from '../output/table/status-table.js'

/** Pause between two drawings of the table. */
const REDRAW_MS = 500

/** What a session shows, and where. */
export interface DisplayOptions {
  /** Outputs and timers. */
  readonly io: Io
  /** Standard output belongs to JSON lines. */
  readonly json: boolean
  /** Level and log file. */
  readonly config: Pick<StationConfig, 'logLevel' | 'logFile'>
  /** Hides secrets. */
  readonly redact: Redact
}

/** A live table on a terminal, plain lines elsewhere; both beside the log file. */
export class Display implements LineSink {
  readonly #io: Io
  readonly #lines: PlainLines
  #table?: StatusTable
  readonly #file?: LogFile

  constructor({ io, json, config, redact }: DisplayOptions) {
    this.#io = io
    const level: Level = config.logLevel
    const terminal = terminalFor(io, json)
    if (terminal) this.#table = new StatusTable({ output: terminal, level, redact })
    this.#lines = new PlainLines({ normal: json ? io.stderr : io.stdout, trouble: io.stderr, level, redact })
    if (config.logFile === '') return
    const onFault = (text: string): void => this.#screen.line({ at: io.clock.now(), level: 'WARNING', text })
    this.#file = new LogFile({ path: config.logFile, level, redact, clock: io.clock, onFault })
  }

  line(line: Line): void {
    this.#screen.line(line)
    this.#file?.line(line)
  }

  /** Draws the status again and again until the function returned is called. */
  follow(status: () => StationStatus): () => void {
    const table = this.#table
    if (!table) return () => {}
    const { clock } = this.#io
    const draw = (): void => table.show(status(), clock.now())
    let timer = clock.after(0, function redraw() {
      draw()
      timer = clock.after(REDRAW_MS, redraw)
    })
    return () => {
      timer.cancel()
      draw()
    }
  }

  /** Leaves the last table on the screen; what comes now are lines. */
  leave(): void {
    this.#table?.close()
    this.#table = undefined
  }

  /** Leaves the screen, and waits for outputs for at most `timeoutMs`. */
  async close(timeoutMs: number): Promise<void> {
    this.leave()
    await Promise.all([
      this.#file?.close(timeoutMs),
      this.#io.stdout.drain(timeoutMs),
      this.#io.stderr.drain(timeoutMs),
    ])
  }

  get #screen(): LineSink {
    return this.#table ?? this.#lines
  }
}

/** Where a table can live: not on a terminal that shows JSON lines. */
function terminalFor(io: Io, json: boolean): Output | undefined {
  if (!json) return io.stdout.isTerminal ? io.stdout : undefined
  return io.stderr.isTerminal && !io.stdout.isTerminal ? io.stderr : undefined
}
