import type { HeaderCapture } from '../formats/header-capture.js'
import type { DiscardLine, RecordingLine, RemovedLine } from '../ledger/entry.js'
import { LEDGER_VERSION } from '../ledger/entry.js'
import { ledgerTime } from '../ledger/ledger-time.js'
import type { EpochMs, Recording } from '../model.js'
import type { CheckedFile } from './reading/check-file.js'
import type { Remains } from '../ledger/read/ledger-scan.js'
import { sequenceOf } from './remains.js'

/** The counts of a file as its muxer or its frames tell them. */
export interface RecoveredCounts {
  readonly frames: number
  readonly samples: number
  readonly prerollFrames: number
  readonly prerollSamples: number
}

/** The line that says that a file is complete now. */
export function recoveredLine(
  remains: Remains,
  file: CheckedFile,
  counts: RecoveredCounts,
  headerBytes: number,
): RecordingLine {
  const { open, failed } = remains
  const { source, run, name, startedAt, utcOffset, format, codec, sampleRate, channels } = open
  const firstTitle = open.title === undefined ? [] : [{ at: startedAt, sample: 0, title: open.title }]
  return {
    v: LEDGER_VERSION,
    type: 'recording',
    source,
    run,
    name,
    startedAt: failed?.startedAt ?? startedAt,
    utcOffset,
    format,
    codec,
    sampleRate,
    channels,
    seq: sequenceOf(remains),
    ...(open.continues !== undefined && { continues: open.continues }),
    samples: counts.samples,
    durationSeconds: counts.samples / sampleRate,
    bytes: file.bytes,
    headerBytes,
    // what a failing volume did not take has been counted as discarded already: the law of the run stays true
    receivedBytes: failed?.receivedBytes ?? file.totals.frameBytes,
    sha256: file.sha256,
    headerSha256: file.headerSha256,
    frames: counts.frames,
    prerollFrames: counts.prerollFrames,
    prerollSamples: counts.prerollSamples,
    closedBy: 'recovered',
    titles: failed?.titles ?? firstTitle,
  }
}

/** The line that tells of the end of the remains that is no whole frame. */
export function tornLine({ open }: Remains, line: RecordingLine, bytes: number): DiscardLine {
  const { source, run, utcOffset } = open
  const at = ledgerTime(Date.parse(line.startedAt) + line.durationSeconds * 1000).time
  return { v: LEDGER_VERSION, type: 'discard', source, run, bytes, reason: 'partial-frame', at, utcOffset }
}

/** The line that tells that a file without audio was removed. */
export function removedLine({ open }: Remains, now: EpochMs): RemovedLine {
  const { source, run, name, utcOffset } = open
  const at = ledgerTime(now).time
  return { v: LEDGER_VERSION, type: 'removed', source, run, name, by: 'repair', at, utcOffset }
}

/** The facts of a completed file. */
export function recordingOf(line: RecordingLine, header?: HeaderCapture): Recording {
  return {
    name: line.name,
    source: line.source,
    format: line.format,
    info: header?.info ?? {
      codec: line.codec,
      sampleRateHz: line.sampleRate,
      channels: line.channels,
      bitrateBps: 0,
    },
    startedAt: Date.parse(line.startedAt),
    durationSeconds: line.durationSeconds,
    samples: line.samples,
    frames: line.frames,
    sizeBytes: line.bytes,
    run: line.run,
    sequence: line.seq,
    state: 'closed',
    closedBy: line.closedBy,
  }
}
