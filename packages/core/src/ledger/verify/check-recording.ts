import type { FileLayout } from '../../formats/file-layout.js'
import type { CheckedFile } from '../../recovery/reading/check-file.js'
import { isUnfinished } from '../read/ledger-scan.js'
import type { Findings } from './finding.js'
import type { KnownFile, KnownSeal } from './ledger-index.js'

/** Tags tell the start in milliseconds. */
const TAG_MS = 2
/** The start of a run may be learnt better while its first file is written; not every format can change its tags then. */
const RETIMED_MS = 10_000

/** A file that was read, and what is known of it. */
export interface ReadFile {
  readonly recording: NonNullable<KnownFile['recording']>
  readonly file: CheckedFile
  /** What its head tells; absent when its format tells nothing. */
  readonly layout?: FileLayout
  readonly seals: readonly KnownSeal[]
  /** Whether it is the first of its run. */
  readonly isFirst: boolean
  /** Whose bytes it has by the word of the ledger, when they are not its own; asked only then. */
  readonly holderOf: () => Promise<string | undefined>
}

/** Compares a file with its line in the ledger. */
export async function checkRecording(read: ReadFile, findings: Findings): Promise<void> {
  const { recording, file, seals, holderOf } = read
  const { name } = recording
  for (const seal of seals) {
    if (seal.sha256 !== file.fileSha256)
      findings.fault(
        'seal-broken',
        { ...recording, line: seal.line },
        `${name} is not what was sealed in line ${seal.line}`,
      )
  }
  if (isUnfinished(recording)) return
  const changed = file.sha256 !== recording.sha256 && recording.sha256 !== ''
  const holder = changed ? await holderOf() : undefined
  if (holder !== undefined) {
    findings.fault('file-exchanged', recording, `${name} holds what was recorded as ${holder}`)
    return
  }
  if (file.bytes !== recording.bytes) {
    const kind = file.bytes < recording.bytes ? 'shorter' : 'longer'
    const by = Math.abs(file.bytes - recording.bytes)
    findings.fault('file-size', recording, `${name} has ${file.bytes} bytes, ${by} ${kind} than when it was closed`)
  } else if (changed)
    findings.fault('file-changed', recording, `the audio of ${name} is not what was recorded (SHA-256 differs)`)
  const { headerSha256 = '' } = recording
  if (headerSha256 !== '' && file.bytes >= recording.headerBytes && file.headerSha256 !== headerSha256)
    findings.fault('file-changed', recording, `the header of ${name} is not what was written (SHA-256 differs)`)
  if (recording.sha256 === '') findings.note('file-unhashed', recording, `the ledger has no hash of ${name}`)
  if (changed) checkDamage(recording, file, findings)
  else checkCounts(read, findings)
}

/** Bytes were changed: what still can be read, and what cannot. */
function checkDamage(recording: ReadFile['recording'], { totals }: CheckedFile, findings: Findings): void {
  const lost = recording.frames - totals.frames
  if (lost === 0 && totals.strayBytes === 0) return
  const words = `${totals.strayBytes} bytes are in no whole frame, ${Math.max(0, lost)} of ${recording.frames} frames are lost`
  findings.fault('file-damaged', recording, `${recording.name}: ${words}`)
}

/** The bytes are those that were recorded: what differs was edited in the ledger. */
function checkCounts({ recording, file: { totals }, layout, isFirst }: ReadFile, findings: Findings): void {
  const { frames, samples, prerollFrames, prerollSamples, codec, sampleRate, channels } = recording
  const { info } = totals.header ?? {}
  const differs = (what: string, there: number | string, here: number | string) =>
    findings.fault('line-contradicts', recording, `${what} is ${here} in the ledger, but ${there} in ${recording.name}`)
  if (totals.frames !== frames) differs('frames', totals.frames, frames)
  if (totals.samples !== samples) differs('samples', totals.samples, samples)
  if (totals.prerollFrames !== prerollFrames) differs('prerollFrames', totals.prerollFrames, prerollFrames)
  if (info && info.codec !== codec) differs('codec', info.codec, codec)
  if (info && info.sampleRateHz !== sampleRate) differs('sampleRate', info.sampleRateHz, sampleRate)
  if (info && info.channels !== channels) differs('channels', info.channels, channels)
  if (prerollFrames === 0 && prerollSamples !== 0) differs('prerollSamples', 0, prerollSamples)
  if (totals.prerollSamples > 0 && totals.prerollSamples !== prerollSamples)
    differs('prerollSamples', totals.prerollSamples, prerollSamples)
  if (layout && prerollSamples > layout.hiddenSamples && totals.prerollSamples === 0)
    differs('prerollSamples', `at most ${layout.hiddenSamples}`, prerollSamples)
  if (recording.closedBy === 'recovered' || recording.closedBy === 'error') return
  if (totals.strayBytes > 0)
    findings.fault('file-damaged', recording, `${recording.name}: ${totals.strayBytes} bytes are in no whole frame`)
  const startedAt = Date.parse(recording.startedAt)
  const mayMove = isFirst ? RETIMED_MS : TAG_MS
  if (layout?.startedAt !== undefined && Math.abs(layout.startedAt - startedAt) > mayMove)
    differs('startedAt', new Date(layout.startedAt).toISOString(), recording.startedAt)
}
