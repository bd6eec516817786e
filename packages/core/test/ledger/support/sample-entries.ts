import type { FileFacts, LedgerEntry } from '../../../src/ledger/entry.js'

const at = '2026-11-22T16:00:00.250Z'
const utcOffset = '+01:00'
const common = { v: 1, source: 'Rädio "1"', run: '20261122T160000.250Z-0badcafe' }
const file: FileFacts = {
  ...common,
  name: '2026/a.mp3',
  startedAt: at,
  utcOffset,
  format: 'mp3',
  codec: 'mp3',
  sampleRate: 44_100,
  channels: 2,
}

/** A line of every kind. */
export const SAMPLE_ENTRIES: readonly LedgerEntry[] = [
  { ...file, type: 'open', seq: 0, headerBytes: 100, prerollFrames: 2, title: 'News', seal: true },
  {
    ...file,
    type: 'recording',
    seq: 0,
    samples: 1152,
    durationSeconds: 1152 / 44_100,
    bytes: 518,
    headerBytes: 100,
    receivedBytes: 418,
    sha256: 'a'.repeat(64),
    headerSha256: 'b'.repeat(64),
    frames: 1,
    prerollFrames: 2,
    prerollSamples: 2304,
    closedBy: 'stop',
    titles: [{ at, sample: 0, title: 'News' }],
  },
  {
    ...common,
    type: 'gap',
    from: at,
    to: '2026-11-22T16:00:01.250Z',
    utcOffset,
    seconds: 1,
    cause: 'ISR_SOURCE_RESET',
  },
  { ...common, type: 'seam', previousRun: 'earlier', overlapFrames: 150, at, utcOffset },
  { ...common, type: 'discard', bytes: 3, reason: 'partial-frame', at, utcOffset },
  {
    ...common,
    type: 'run',
    startedAt: at,
    endedAt: at,
    utcOffset,
    receivedBytes: 421,
    cause: 'ISR_STOPPED',
    driftPpm: -3.5,
    timeSteps: 1,
  },
  { ...common, type: 'sealed', name: file.name, sha256: 'c'.repeat(64), prev: '', at, utcOffset },
  { ...common, type: 'removed', name: file.name, by: 'user', at, utcOffset },
]
