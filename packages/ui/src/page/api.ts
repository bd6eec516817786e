import type {
  AnalyzeAnswer,
  DaysAnswer,
  FileRow,
  FilesAnswer,
  Note,
  NotesAnswer,
  PeaksAnswer,
  StatusAnswer,
} from '@isr/server/api'

/** Slots of a day in its strip. */
const DAY_SLOTS = 288

/** An answer that is not what was asked for, in the words of the server. */
class ApiError extends Error {}

async function ask<Answer>(path: string, init: RequestInit = {}): Promise<Answer> {
  let response: Response
  try {
    response = await fetch(path, init)
  } catch {
    throw new ApiError('No connection to the server. The recorder goes on by itself.')
  }
  if (response.status === 401) location.assign('login')
  const body = (await response.json().catch(() => ({}))) as Answer & { error?: { message?: string } }
  if (!response.ok) throw new ApiError(body.error?.message ?? `The server answered ${response.status}.`)
  return body
}

function pathOf(name: string): string {
  return name.split('/').map(encodeURIComponent).join('/')
}

/** Where a recording is played from. */
export function streamUrl(name: string): string {
  return `stream/${pathOf(name)}`
}

/** The same under another address: browsers remember how long a recording was when they first saw it. */
export function freshStreamUrl(name: string): string {
  return `${streamUrl(name)}?seen=${Date.now()}`
}

/** Where a source is heard now; `mse`: as Media Source Extensions take it. */
export function liveUrl(source: string, container: 'own' | 'mse'): string {
  return `live/${pathOf(source)}?${new URLSearchParams({ container, seen: String(Date.now()) })}`
}

/** Where a recording is saved from. */
export function downloadUrl(name: string): string {
  return streamUrl(name).replace(/^stream/, 'download')
}

/** Where a piece is saved from. */
export function cutUrl(file: string, start: number, end: number): string {
  return `api/cut?${new URLSearchParams({ file, start: String(start), end: String(end) })}`
}

/** Recordings that match, latest first. */
export function listFiles(query: Readonly<Record<string, string>>): Promise<FilesAnswer> {
  return ask(`api/files?${new URLSearchParams(query)}`)
}

/** Counts of each day, and how loud each five minutes were. */
export function listDays(): Promise<DaysAnswer> {
  return ask(`api/days?levels=${DAY_SLOTS}`)
}

/** What the recorder does. */
export function getStatus(): Promise<StatusAnswer> {
  return ask('api/status')
}

/** Space on the volume. */
export function getStorage(): Promise<{ freeBytes: number; totalBytes: number }> {
  return ask('api/storage')
}

/** Levels and sections of a recording. */
export function analyze(file: string, signal: AbortSignal): Promise<AnalyzeAnswer> {
  return ask(`api/analyze?${new URLSearchParams({ file })}`, { signal })
}

/** A recording as a waveform, also while it grows. */
export function getPeaks(file: string, toSeconds: number, points: number, signal: AbortSignal): Promise<PeaksAnswer> {
  const query = { file, from: '0', to: String(toSeconds), points: String(points) }
  return ask(`api/peaks?${new URLSearchParams(query)}`, { signal })
}

/** The frequencies of a recording as a picture of grey values. */
export async function getSpectrogram(file: string, toSeconds: number, signal: AbortSignal): Promise<Blob> {
  const query = { file, from: '0', to: String(toSeconds), width: '800', height: '128' }
  const response = await fetch(`api/spectrogram?${new URLSearchParams(query)}`, { signal })
  if (response.ok) return response.blob()
  const body = (await response.json().catch(() => ({}))) as { error?: { message?: string } }
  throw new ApiError(body.error?.message ?? `The server answered ${response.status}.`)
}

/** Notes and marks of a recording. */
export function listNotes(file: string): Promise<NotesAnswer> {
  return ask(`api/notes?${new URLSearchParams({ file })}`)
}

/** Adds one. */
export function addNote(
  note: Pick<Note, 'kind'> & Partial<Pick<Note, 'text' | 'start'>> & { file: string },
): Promise<Note> {
  const headers = { 'Content-Type': 'application/json' }
  return ask('api/notes', { method: 'POST', headers, body: JSON.stringify(note) })
}

/** Removes one. */
export function removeNote(id: string): Promise<{ id: string }> {
  return ask(`api/notes/${encodeURIComponent(id)}`, { method: 'DELETE' })
}

/** Removes a recording. */
export function remove({ name }: FileRow): Promise<{ undo: string; undoUntil: string }> {
  return ask(`api/files/${name.split('/').map(encodeURIComponent).join('/')}`, { method: 'DELETE' })
}

/** Brings it back. */
export function undo(id: string): Promise<{ name: string }> {
  const headers = { 'Content-Type': 'application/json' }
  return ask('api/undo', { method: 'POST', headers, body: JSON.stringify({ undo: id }) })
}
