import Table from 'cli-table3'
import { createLogUpdate } from 'log-update'
import pc from 'picocolors'
import type { EpochMs, StationStatus } from '@isr/core'
import type { Level, Line, LineSink } from '../line.js'
import { reaches } from '../line.js'
import type { Output } from '../output.js'
import { formatLine, paint } from '../plain-lines.js'
import type { Redact } from '../safe-text.js'
import { layoutColumns } from './columns.js'
import { countStates, rowsThatFit, statusRow } from './rows.js'
import type { StatusRow } from './rows.js'
import { formatDuration } from '../units.js'

/** Header, column titles, the line for hidden rows, and the line of the cursor. */
const LINES_BESIDE_ROWS = 4

/** Settings of {@link StatusTable}. */
export interface StatusTableOptions {
  /** A terminal. */
  readonly output: Output
  /** Least level of the lines above the table. */
  readonly level: Level
  /** Hides secrets. */
  readonly redact: Redact
}

/** A live table on a terminal, a row per source; warnings and errors stay above it. */
export class StatusTable implements LineSink {
  readonly #options: StatusTableOptions
  readonly #update: ReturnType<typeof createLogUpdate>
  #last = ''

  constructor(options: StatusTableOptions) {
    this.#options = options
    const { output } = options
    const stream = {
      isTTY: true,
      write: (text: string) => output.write(text),
      get columns() {
        return output.columns
      },
      get rows() {
        return output.rows
      },
    }
    // log-update would hide the cursor by a write that waits for the terminal.
    this.#update = createLogUpdate(stream as unknown as NodeJS.WritableStream, { showCursor: true })
  }

  line(line: Line): void {
    const { output, level, redact } = this.#options
    if (!reaches(line.level, level) || !reaches(line.level, 'WARNING')) return
    this.#update.clear()
    output.write(`${paint(formatLine(line, redact), line.level, output.hasColors)}\n`)
    if (this.#last !== '') this.#update(this.#last)
  }

  /** Draws the table anew; leaves it as it is while the terminal stands still. */
  show(status: StationStatus, now: EpochMs): void {
    const { output, redact } = this.#options
    if (output.busy) return
    const colors = pc.createColors(output.hasColors)
    const rows = status.sources.map((source) => statusRow(source, now, redact))
    const { shown, hidden } = rowsThatFit(rows, Math.max(2, output.rows - LINES_BESIDE_ROWS))
    const uptime = formatDuration((now - (status.startedAt ?? now)) / 1000)
    const header = `${colors.bold('isr')}  ${uptime}  ${countStates(status.sources)}  ${colors.dim('Ctrl+C stops')}`
    const more = hidden > 0 ? `\n${colors.dim(`... and ${hidden} more`)}` : ''
    this.#last = `${header}\n${renderTable(shown, output.columns, colors)}${more}`
    this.#update(this.#last)
  }

  /** Leaves the last table on the screen. */
  close(): void {
    this.#update.done()
    this.#last = ''
  }
}

function renderTable(rows: readonly StatusRow[], width: number, colors: ReturnType<typeof pc.createColors>): string {
  const layout = layoutColumns(rows, width)
  const table = new Table({
    chars: Object.fromEntries(BORDERS.map((border) => [border, ''])),
    style: { 'padding-left': 0, 'padding-right': 1, head: [], border: [] },
    head: layout.map(({ title }) => colors.dim(title)),
    colWidths: layout.map((column) => column.width + 1),
  })
  for (const row of rows) {
    table.push(
      layout.map(({ key }) => {
        if (key === 'state') return stateColor(row.kind, colors)(row.state)
        return key === 'lastError' ? colors.dim(row.lastError) : row[key]
      }),
    )
  }
  return table.toString()
}

function stateColor(state: StatusRow['kind'], colors: ReturnType<typeof pc.createColors>): (text: string) => string {
  switch (state) {
    case 'recording':
      return colors.green
    case 'waiting':
    case 'stopping':
      return colors.yellow
    case 'failed':
      return colors.red
    case 'idle':
    case 'connecting':
      return colors.cyan
    case 'stopped':
      return colors.dim
  }
}

const BORDERS = [
  ...['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right'],
  ...['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid', 'middle'],
]
