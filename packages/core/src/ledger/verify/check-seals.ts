import { isUnfinished } from '../read/ledger-scan.js'
import type { Findings } from './finding.js'
import type { KnownFile, KnownSeal, LedgerIndex } from './ledger-index.js'

/**
 * Checks the chain of seals of every source, and that no recording is without one that was promised one when it was opened. Where a
 * source was sealed and is no more, that is told once. In ledgers that promise nothing each recording that follows a seal must have one.
 * @param running - a recorder runs: what it closed last may still wait for its seal
 */
export function checkSeals(index: LedgerIndex, running: boolean, findings: Findings): void {
  for (const seals of index.seals.values()) checkChain(seals, findings)
  for (const [source, closed] of closedBySource(index))
    checkAllSealed(index.seals.get(source) ?? [], closed, running, findings)
}

type Closed = NonNullable<KnownFile['recording']> & { readonly isPromised: boolean }

/** In the order of the ledger. */
function closedBySource(index: LedgerIndex): Map<string, Closed[]> {
  const bySource = new Map<string, Closed[]>()
  for (const run of index.runs.values()) {
    for (const { open, recording, removed } of run.files.values()) {
      if (!recording || removed || isUnfinished(recording)) continue
      const list = bySource.get(recording.source) ?? []
      list.push({ ...recording, isPromised: open?.seal === true })
      bySource.set(recording.source, list)
    }
  }
  for (const list of bySource.values()) list.sort((one, other) => one.line - other.line)
  return bySource
}

function checkChain(seals: readonly KnownSeal[], findings: Findings): void {
  const known = new Map(seals.map((seal) => [seal.hash, seal]))
  for (const [position, seal] of seals.entries()) {
    const before = position === 0 ? undefined : seals[position - 1]
    if (seal.prev === (before?.hash ?? '')) continue
    findings.fault('seal-chain', seal, `the seal of ${seal.name} ${whatIsWrong(seal, before, known.get(seal.prev))}`)
  }
}

function whatIsWrong(seal: KnownSeal, before: KnownSeal | undefined, named: KnownSeal | undefined): string {
  if (seal.prev === '') return 'says that it is the first, but others stand before it: lines were moved or put in'
  if (named && named.line > seal.line) return `follows that of ${named.name}, which stands behind it: lines were moved`
  if (named) return `follows that of ${named.name} in line ${named.line}; what stands between was moved or put in`
  const between = 'one that stood before it was removed'
  return before
    ? `does not fit the one before, of ${before.name} in line ${before.line}: that was edited, or ${between}`
    : between
}

/** A recording is sealed a little later than it is closed, in the order of closing. */
function checkAllSealed(
  seals: readonly KnownSeal[],
  closed: readonly Closed[],
  running: boolean,
  findings: Findings,
): void {
  const sealed = new Set(seals.map(keyOf))
  const first = closed.findIndex((recording) => sealed.has(keyOf(recording)))
  const last = closed.findLastIndex((recording) => sealed.has(keyOf(recording)))
  const promises = closed.some(({ isPromised }) => isPromised)
  for (const [position, recording] of closed.entries()) {
    if (sealed.has(keyOf(recording))) continue
    const follows = first >= 0 && position > first
    if (promises && follows && !recording.isPromised) {
      noteEnd(recording, closed[position - 1], sealed, findings)
      continue
    }
    if (!recording.isPromised && !follows) continue
    if (running && position > last) findings.note('seal-missing', recording, `${recording.name} waits for its seal`)
    else {
      const words = 'its line was removed, or the recorder was ended before; the next start seals it'
      findings.fault('seal-missing', recording, `${recording.name} has no seal: ${words}`)
    }
  }
}

/** Said at the first of a stretch. */
function noteEnd(recording: Closed, before: Closed, sealed: ReadonlySet<string>, findings: Findings): void {
  if (!before.isPromised && !sealed.has(keyOf(before))) return
  const words = `sealing stopped: what was recorded from then on was promised no seal`
  findings.note('seal-ended', recording, `${recording.name} is the first without a seal after ${before.name}; ${words}`)
}

function keyOf({ run, name }: { readonly run: string; readonly name: string }): string {
  return `${run}\n${name}`
}
