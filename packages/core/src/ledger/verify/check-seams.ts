import { isUnfinished } from '../read/ledger-scan.js'
import { placeAt, placesInOrder } from './check-runs.js'
import type { Findings } from './finding.js'
import type { LedgerIndex } from './ledger-index.js'

/** Checks that each run which goes on from another one begins where that one ends, and that no gap is told of between them. */
export function checkSeams(index: LedgerIndex, findings: Findings): void {
  const seamed = new Set<string>()
  const gapAfter = new Map(index.gaps.map((gap) => [gap.run, gap]))
  for (const seam of index.seams) {
    const run = index.runs.get(seam.run)
    const before = index.runs.get(seam.previousRun)
    const say = (words: string) => findings.fault('line-contradicts', seam, words)
    if (seamed.has(seam.run)) say('the run goes on from another one twice')
    seamed.add(seam.run)
    if (!run || !before || before.source !== seam.source || before === run) {
      say(`it goes on from the run ${seam.previousRun}, which this source does not have`)
      continue
    }
    if (gapAfter.has(before.id)) say('a run goes on from the one before, and a gap is told of between them')
    const first = placeAt(run, 0)
    const last = placeAt(before, placesInOrder(before).at(-1) ?? -1)
    const at = Date.parse(seam.at) / 1000
    const where = first?.startsAt ?? at
    if (Math.abs(where - at) > (first?.tolerance ?? 0)) say('the run does not begin where its seam is')
    if (!last || (last.recording && isUnfinished(last.recording))) continue
    const apart = where - last.endsAt
    if (Math.abs(apart) > last.tolerance)
      say(`${Math.abs(apart).toFixed(3)} s between the end of ${last.words} and the run that goes on from it`)
  }
}
