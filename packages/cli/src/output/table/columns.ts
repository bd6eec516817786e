import type { StatusRow } from './rows.js'

/** A column of the table. */
export interface Column {
  /** What it shows. */
  readonly key: Exclude<keyof StatusRow, 'kind'>
  /** Its head. */
  readonly title: string
  /** It is not cut shorter than this. */
  readonly least: number
}

/** In the order of the screen. */
const COLUMNS: readonly Column[] = [
  { key: 'source', title: 'Source', least: 8 },
  { key: 'state', title: 'State', least: 12 },
  { key: 'file', title: 'File', least: 12 },
  { key: 'elapsed', title: 'Elapsed', least: 8 },
  { key: 'rate', title: 'Rate', least: 9 },
  { key: 'bytes', title: 'Bytes', least: 8 },
  { key: 'lastError', title: 'Last error', least: 14 },
]
/** What goes first when the terminal is narrow, and what is cut shorter, in this order. */
const DISPENSABLE: readonly Column['key'][] = ['bytes', 'rate', 'lastError', 'elapsed', 'file']
const SHRINKABLE: readonly Column['key'][] = ['lastError', 'file', 'source']
/** Characters that terminals draw over two columns. */
const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/gu

/** Columns and their widths for a terminal of `width` characters. */
export function layoutColumns(rows: readonly StatusRow[], width: number): (Column & { readonly width: number })[] {
  const natural = ({ key, title }: Column): number =>
    rows.reduce((widest, row) => Math.max(widest, widthOf(row[key])), title.length)
  let columns = COLUMNS.map((column) => ({ ...column, width: natural(column) }))
  const excess = (): number => columns.reduce((sum, column) => sum + column.width + 1, 0) - width
  const shrink = (): void => {
    for (const key of SHRINKABLE) {
      const column = columns.find((candidate) => candidate.key === key)
      if (column) column.width = Math.max(Math.min(column.width, column.least), column.width - Math.max(0, excess()))
    }
  }
  shrink()
  for (const key of DISPENSABLE) {
    if (excess() <= 0) break
    columns = columns.filter((column) => column.key !== key)
  }
  return columns
}

function widthOf(text: string): number {
  return [...text].length + (text.match(WIDE)?.length ?? 0)
}
