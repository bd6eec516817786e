import { join } from 'node:path'
import { drive } from '../../editing/drive.js'
import { RecordedFile, type PlacedSpan } from '../../editing/file-frames.js'
import type { FileLayout } from '../../formats/file-layout.js'
import type { Format } from '../../formats/format.js'
import type { FrameSpan } from '../../formats/frame-span.js'
import type { LastFile } from '../../ledger/read/last-files.js'
import type { EpochMs } from '../../model.js'
import { FrameHistory } from '../../recorder/run/history/frame-history.js'
import { FileAccess } from '../../storages/access/file-access.js'

/** Of files whose frames are found from any byte: room for a rate that changes. */
const MARGIN = 1.5
const MARGIN_BYTES = 1 << 17
/** What is smaller, and holds no frame, repair removes. */
const EMPTY_BYTES = 1 << 18

/** The end of one file. */
export interface FileTail {
  /** Its last frames, oldest first, hidden ones left out; none when it holds no audio. */
  readonly frames: readonly FrameSpan[]
  /** Wall clock of the end of its audio. */
  readonly endsAt: EpochMs
}

/** How the end of a file is read. */
export interface TailOptions {
  /** Folder of the recordings. */
  readonly directory: string
  readonly format: Format
  /** How much is wanted, in seconds. */
  readonly seconds: number
  /** Whether a file left open that was last changed then is wanted. */
  readonly isRecent: (changedAt: EpochMs) => boolean
  /** Ends it. */
  readonly signal: AbortSignal
}

/**
 * Reads the end of a file that is complete, or that a process which is gone has left open: then it ends where repair will end it, with
 * the last whole frame.
 *
 * @returns undefined when it is not what its lines say, or not recent
 * @throws {@link StorageError} when it cannot be read
 */
export async function readTail({ open, recording }: LastFile, options: TailOptions): Promise<FileTail | undefined> {
  const { directory, format, isRecent } = options
  const access = await FileAccess.open(join(directory, open.name), directory)
  try {
    const { sizeBytes, modifiedAt } = access
    if (recording ? recording.bytes !== sizeBytes : !isRecent(modifiedAt)) return undefined
    const startedAt = Date.parse((recording ?? open).startedAt)
    const layout = await drive(format.file.inspect(sizeBytes), access)
    if (!layout) return recording || sizeBytes >= EMPTY_BYTES ? undefined : { frames: [], endsAt: startedAt }
    const end = await readFrames(new RecordedFile(format, layout, access), recording, options)
    if (!end) return undefined
    const seconds = recording?.durationSeconds ?? end.endSample / layout.header.info.sampleRateHz
    return { frames: end.frames, endsAt: startedAt + seconds * 1000 }
  } finally {
    await access.close()
  }
}

/** The last frames, and the number of audible samples at their end where they were counted. */
async function readFrames(
  file: RecordedFile,
  recording: LastFile['recording'],
  { seconds, signal }: TailOptions,
): Promise<{ readonly frames: readonly FrameSpan[]; readonly endSample: number } | undefined> {
  const { layout } = file
  const last = new FrameHistory()
  last.reset(seconds)
  let endSample = 0
  for await (const placed of spansFrom(file, recording, seconds)) {
    const { span, sample } = placed
    if (signal.aborted || span.header !== layout.header) return undefined
    endSample = sample + span.samples
    const hidden = hiddenFrames(layout, placed)
    if (hidden < span.frames) last.add(span.slice(hidden, span.frames))
  }
  return { frames: last.spans, endSample }
}

/** At least so many seconds of frames, up to the end. */
function spansFrom(
  file: RecordedFile,
  recording: LastFile['recording'],
  seconds: number,
): AsyncGenerator<PlacedSpan, void, undefined> {
  const { format, layout } = file
  const { framesStartByte, framesEndByte, samples = recording?.samples } = layout
  if (recording && format.file.resumesAnywhere) {
    const bytes = (recording.bytes / recording.durationSeconds) * seconds * MARGIN + MARGIN_BYTES
    // near its start hidden frames must be told from others
    if (framesEndByte - framesStartByte > 2 * bytes)
      return file.framesFrom({ byte: Math.floor(framesEndByte - bytes), sample: 0 })
  }
  // frames without numbers that differ in length are counted from the start
  return file.frames(samples === undefined ? -Infinity : samples - seconds * layout.header.info.sampleRateHz)
}

/** How many frames of a span are pre-roll. */
function hiddenFrames({ prerollFrames }: FileLayout, { span, sample, frame }: PlacedSpan): number {
  if (frame !== undefined) return Math.min(span.frames, Math.max(0, prerollFrames - frame))
  return prerollFrames === 0 ? 0 : span.frameAtSample(-sample)
}
