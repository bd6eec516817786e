import { IsrError, StorageError } from '../../errors.js'
import type { EpochMs } from '../../model.js'
import { formatIso } from '../../time/strftime.js'
import type { EditOptions } from '../cut.js'
import type { RecordedFile } from '../file-frames.js'
import type { TimeRange } from '../frames-between.js'
import { ExportReport, type ExportedPart, type ExportGap, type ExportOverlap } from './report.js'
import { follows, type QuietTime, type WantedRecording } from './select.js'

/** A file of a recording, opened. */
interface OpenRecording {
  /** What is in it. */
  readonly file: RecordedFile
  /** Gives it back. */
  close(): Promise<void>
}

/** What is exported. */
export interface ExportJob extends EditOptions {
  /** The recordings that reach into the span, in the order of time. */
  readonly recordings: readonly WantedRecording[]
  /** What of the span was not recorded because nothing was to be heard. */
  readonly quiets: readonly QuietTime[]
  /** Wall clock where the span begins. */
  readonly from: EpochMs
  /** Wall clock where it ends. */
  readonly to: EpochMs
  /** Whether gaps are filled with silence. */
  readonly fillGaps: boolean
  /** Opens one of the recordings. @throws {@link StorageError} */
  readonly open: (recording: WantedRecording) => Promise<OpenRecording>
}

/** One recording's share of the span. */
export interface PartInput {
  readonly file: RecordedFile
  readonly recording: WantedRecording
  readonly range: TimeRange
  /** Whether it goes on, to the sample, where the part before ended. */
  readonly follows: boolean
  /** Whether no other comes after it. */
  readonly isLast: boolean
}

/** Takes the parts of an export one after another and writes the file. */
export interface ExportWriter {
  /** Looks at a file before anything is written. @throws {@link IsrError} `ISR_FORMATS_DIFFER` when it does not fit those before */
  check(file: RecordedFile, name: string): void
  /** Seconds of audio written so far. */
  readonly seconds: number
  /**
   * Writes a part.
   * @param before - called once its start is known, before its first frame; says how much silence goes there, in seconds
   * @returns seconds of the recording that were taken, 0 when none
   */
  write(part: PartInput, before: (startSeconds: number) => number, onProgress: () => void): Promise<WrittenPart>
  /** Writes what waited for a part that did not come. */
  finish?(): Promise<void>
}

/** What was written of a part. */
export interface WrittenPart {
  /** Seconds of the recording that were taken. */
  readonly seconds: number
  /** Silence before them. */
  readonly filledSeconds: number
}

/** What an export became. */
export interface ExportFacts {
  /** Wall clock of the first sample. */
  readonly startedAt: EpochMs
  /** Length of the new file. */
  readonly durationSeconds: number
  /** The recordings that are in it, in order. */
  readonly parts: readonly ExportedPart[]
  /** Time inside the span that is not recorded. */
  readonly gaps: readonly ExportGap[]
  /** Time that is in the file twice. */
  readonly overlaps: readonly ExportOverlap[]
  /** Storage keys of recordings that the ledger knows and that are gone; their time is among the gaps. */
  readonly missing: readonly string[]
}

/** Writes a span over many recordings. @throws {@link IsrError} `ISR_SPAN_EMPTY`, `ISR_FORMATS_DIFFER`, `ISR_STOPPED`; {@link StorageError} */
export async function exportSpan(job: ExportJob, writer: ExportWriter): Promise<ExportFacts> {
  const { from, to, signal, fillGaps, onProgress } = job
  const { present, missing } = await checkAll(job, writer)
  const report = new ExportReport(job.quiets)
  let before: WantedRecording | undefined
  for (const [index, recording] of present.entries()) {
    if (signal?.aborted) throw new IsrError('ISR_STOPPED', 'stopped before the end')
    const { file, close } = await job.open(recording)
    try {
      const range = rangeIn(recording, file, from, to)
      if (!range) continue
      const joins = before !== undefined && follows(before, recording)
      const part = { file, recording, range, follows: joins, isLast: index === present.length - 1 }
      let startedAt = recording.startedAt
      let gap: { readonly from: EpochMs; readonly to: EpochMs; readonly atSeconds: number } | undefined
      const written = await writer.write(
        part,
        (startSeconds) => {
          startedAt += startSeconds * 1000
          if (joins) return 0
          gap = { from: report.endsAt ?? from, to: startedAt, atSeconds: writer.seconds }
          return fillGaps && report.endsAt !== undefined ? Math.max(0, (gap.to - gap.from) / 1000) : 0
        },
        () => onProgress?.({ doneSeconds: writer.seconds, totalSeconds: (to - from) / 1000 }),
      )
      if (written.seconds === 0) continue
      // between the first frame and the time asked for lies no gap when the recording began before it
      const began = report.parts.length === 0 && recording.startedAt <= from
      if (gap && !began) report.jump(gap.from, gap.to, gap.atSeconds, written.filledSeconds)
      const startsAt = joins ? (report.endsAt ?? startedAt) : startedAt
      const atSeconds = writer.seconds - written.seconds
      report.parts.push({ name: recording.name, atSeconds, startedAt: startsAt, seconds: written.seconds })
      before = recording
    } finally {
      await close()
    }
  }
  await writer.finish?.()
  const [first] = report.parts
  if (!first) throw nothing(from, to)
  if ((report.endsAt ?? to) < to) report.jump(report.endsAt ?? to, to, writer.seconds)
  const { parts, gaps, overlaps } = report
  return { startedAt: first.startedAt, durationSeconds: writer.seconds, parts, gaps, overlaps, missing }
}

/** Every file is looked at before anything is written, so that what does not fit is refused at once. */
async function checkAll({ recordings, open, from, to }: ExportJob, writer: ExportWriter) {
  const present: WantedRecording[] = []
  const missing: string[] = []
  for (const recording of recordings) {
    try {
      const { file, close } = await open(recording)
      try {
        if (!rangeIn(recording, file, from, to)) continue
        writer.check(file, recording.name)
      } finally {
        await close()
      }
      present.push(recording)
    } catch (error) {
      if (!(error instanceof StorageError) || error.code !== 'ISR_STORAGE_NOT_FOUND') throw error
      missing.push(recording.name)
    }
  }
  if (present.length === 0) throw nothing(from, to)
  return { present, missing }
}

/** Which part of a file is wanted; undefined when it ends before. */
function rangeIn(
  { startedAt }: WantedRecording,
  file: RecordedFile,
  from: EpochMs,
  to: EpochMs,
): TimeRange | undefined {
  const { samples = Infinity, header } = file.layout
  const lengthSeconds = samples / header.info.sampleRateHz
  const startSeconds = Math.max(0, (from - startedAt) / 1000)
  const endSeconds = (to - startedAt) / 1000
  if (startSeconds >= lengthSeconds || endSeconds <= startSeconds) return undefined
  return { startSeconds, endSeconds: endSeconds >= lengthSeconds ? Infinity : endSeconds }
}

function nothing(from: EpochMs, to: EpochMs): IsrError {
  return new IsrError(
    'ISR_SPAN_EMPTY',
    `no recording of this source is there from ${formatIso(from)} to ${formatIso(to)}`,
  )
}
