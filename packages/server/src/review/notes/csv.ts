import type { Note } from '../../api/review/notes.js'

const COLUMNS = ['kind', 'at', 'source', 'file', 'start', 'end', 'text', 'createdAt', 'updatedAt', 'id'] as const

/** Notes for spreadsheets. @source RFC 4180 */
export function notesCsv(notes: readonly Note[]): string {
  const lines = notes.map((note) => COLUMNS.map((column) => cell(note[column])).join(','))
  return [COLUMNS.join(','), ...lines, ''].join('\r\n')
}

function cell(value: string | number | null): string {
  if (typeof value !== 'string') return value === null ? '' : String(value)
  // a spreadsheet would take it for a formula
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
