import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { concatBytes } from '../../bytes/concat.js'
import type { OpenLine, RecordingLine } from '../../ledger/entry.js'
import { findFrames, type FoundFrame } from '../numbered/find-frames.js'
import type { NumberedStream } from '../numbered/numbered-stream.js'
import type { LedgerLines } from './ledger-lines.js'

/** The numbered frames of a file; of WAV those of a run, whose files may cut a block in two. */
export interface RecordedFrames {
  /** Name of the file, of WAV of the first one. */
  readonly name: string
  /** The run. */
  readonly run: string
  /** Frames of the source in their order, hidden pre-roll left out. */
  readonly frames: readonly FoundFrame[]
  /** Bytes between the first and the last frame that are in none, where nothing belongs between frames (MP3, AAC). */
  readonly strayBytes: number
}

/** Reads every file of a ledger, in the order in which they were opened. A file that is not there any more has no frames. */
export async function readFrames(
  directory: string,
  { opens, recordings }: LedgerLines,
  streams: readonly NumberedStream[],
): Promise<RecordedFrames[]> {
  const files: RecordedFrames[] = []
  const pcm = new Map<string, { name: string; index: number; parts: Uint8Array[] }>()
  for (const open of opens) {
    const line = recordings.get(open.name)
    const bytes: Uint8Array = await readFile(join(directory, open.name)).catch(() => new Uint8Array(0))
    if (open.format !== 'wav') {
      const before = files.findLast(({ run }) => run === open.run)?.frames.at(-1)?.number
      files.push(framesOf(open, line, findFrames(bytes, streams), before))
      continue
    }
    const headerBytes = line?.headerBytes ?? open.headerBytes ?? 44
    const audioBytes = line ? line.samples * 2 * line.channels : Infinity
    const run = pcm.get(open.run) ?? { name: open.name, index: files.length, parts: [] }
    if (!pcm.has(open.run)) files.push({ name: open.name, run: open.run, frames: [], strayBytes: 0 })
    pcm.set(open.run, run)
    run.parts.push(bytes.subarray(headerBytes, headerBytes + audioBytes))
  }
  for (const [run, { name, index, parts }] of pcm) {
    const frames = findFrames(concatBytes(parts), streams)
    files[index] = { name, run, frames, strayBytes: 0 }
  }
  return files
}

function framesOf(
  open: OpenLine,
  line: RecordingLine | undefined,
  found: readonly FoundFrame[],
  lastBefore = -1,
): RecordedFrames {
  const most = line?.prerollFrames ?? open.prerollFrames ?? 0
  // a closed file says how many frames are its own; in another, pre-roll is what the file before has
  const known = found.findIndex(({ number }) => number > lastBefore)
  const hidden = Math.min(most, Math.max(0, line && line.sha256 !== '' ? found.length - line.frames : known))
  const frames = found.slice(hidden)
  let strayBytes = 0
  if (open.format === 'mp3' || open.format === 'aac')
    for (let index = 1; index < frames.length; index++)
      strayBytes += Math.max(0, frames[index].at - frames[index - 1].at - frames[index - 1].length)
  return { name: open.name, run: open.run, frames, strayBytes }
}
