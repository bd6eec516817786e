import type { MendableStorage } from '../storages/storage.js'

/** What is known of a file that is being written. */
export interface LiveFile {
  /** Storage key. */
  readonly name: string
  /** Audio length so far. */
  readonly durationSeconds: number
  /** Its size so far. */
  readonly sizeBytes: number
}

const STATUS_NAME = 'status.json'
/** It is written anew every two seconds; what is older was left by a crash. */
const FRESH_MS = 10_000

/** The files that a recorder of another process writes, as its `status.json` tells; none when there is no such recorder. */
export async function filesInStatus(
  storage: Pick<MendableStorage, 'read' | 'stat'>,
  now: number,
): Promise<readonly LiveFile[]> {
  try {
    if (Math.abs(now - (await storage.stat(STATUS_NAME)).modifiedAt) > FRESH_MS) return []
    const parts: Uint8Array[] = []
    for await (const part of storage.read(STATUS_NAME)) parts.push(part)
    const { sources } = JSON.parse(Buffer.concat(parts).toString()) as { sources?: unknown }
    return Array.isArray(sources) ? sources.flatMap(fileOf) : []
  } catch {
    // it is replaced and removed by its writer at any moment: it may say nothing, never be wrong
    return []
  }
}

function fileOf(status: unknown): LiveFile[] {
  const { file, durationSeconds, sizeBytes } = (status ?? {}) as Record<string, unknown>
  if (typeof file !== 'string' || typeof durationSeconds !== 'number' || typeof sizeBytes !== 'number') return []
  return [{ name: file, durationSeconds, sizeBytes }]
}
