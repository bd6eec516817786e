import type { AnalyzeAnswer, DaysAnswer, FileRow, FilesAnswer, StatusAnswer } from '@isr/server/api'

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

/** Counts of each day. */
export function listDays(): Promise<DaysAnswer> {
  return ask('api/days')
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

/** Removes a recording. */
export function remove({ name }: FileRow): Promise<{ undo: string; undoUntil: string }> {
  return ask(`api/files/${name.split('/').map(encodeURIComponent).join('/')}`, { method: 'DELETE' })
}

/** Brings it back. */
export function undo(id: string): Promise<{ name: string }> {
  const headers = { 'Content-Type': 'application/json' }
  return ask('api/undo', { method: 'POST', headers, body: JSON.stringify({ undo: id }) })
}
