import { constants } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { writeAll } from '../../disk/write-all.js'
import { checkName } from '../../safe-name.js'
import { RECORD } from '../record.js'
import { recordsOf, scanJournal, type JournalFile } from './scan.js'

/** What a journal has given back. */
export interface Replayed {
  /** Bytes that files did not have. */
  readonly restoredBytes: number
}

interface ReplayedFile {
  readonly handle: FileHandle
  readonly facts: JournalFile
  sizeBytes: number
}

const { O_RDWR, O_NOFOLLOW } = constants

/**
 * Writes to the files of a folder what a journal holds and they do not; then they are durable. Never shortens a file, never makes one,
 * and does nothing where it has been done already.
 * @throws the error of Node.js
 */
export async function replay(journal: FileHandle, halfBytes: number, directory: string): Promise<Replayed> {
  const { files, halves } = await scanJournal(journal, halfBytes)
  const opened = new Map<number, ReplayedFile | undefined>()
  let restoredBytes = 0
  try {
    for (const half of halves) {
      for await (const { kind, serial, position, content } of recordsOf(journal, half, halfBytes)) {
        const facts = files.get(serial)
        if (kind !== RECORD.data || !facts) continue
        if (!opened.has(serial)) opened.set(serial, await openFile(directory, facts))
        const file = opened.get(serial)
        const counting = content.subarray(0, Math.max(0, facts.cutByte - position))
        if (file) restoredBytes += await restore(file, position, counting)
      }
    }
    for (const file of opened.values()) await file?.handle.sync()
    return { restoredBytes }
  } finally {
    for (const file of opened.values()) await file?.handle.close()
  }
}

/** Undefined where it was removed, or another has its name. */
async function openFile(directory: string, facts: JournalFile): Promise<ReplayedFile | undefined> {
  try {
    const handle = await open(join(directory, checkName(facts.name)), O_RDWR | O_NOFOLLOW)
    const { ino, size } = await handle.stat()
    if (ino === facts.inode) return { handle, facts, sizeBytes: size }
    await handle.close()
    return undefined
  } catch (error) {
    const { code } = error as { readonly code?: unknown }
    if (code === 'ENOENT' || code === 'ELOOP' || code === 'ISR_STORAGE_DENIED') return undefined
    throw error
  }
}

/** @returns bytes that were written */
async function restore(file: ReplayedFile, position: number, content: Uint8Array): Promise<number> {
  // what stands before was never said to be durable: zeros are no audio
  if (content.length === 0 || position > file.sizeBytes) return 0
  const present = new Uint8Array(Math.min(content.length, file.sizeBytes - position))
  const { bytesRead } = await file.handle.read(present, 0, present.length, position)
  if (bytesRead === content.length && Buffer.compare(present, content) === 0) return 0
  await writeAll(file.handle, content, position)
  file.sizeBytes = Math.max(file.sizeBytes, position + content.length)
  return content.length
}
