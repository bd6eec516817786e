import { python } from '../../support/python.js'

/** A section as numpy finds it: windows and score. */
export type OracleSection = readonly [firstWindow: number, endWindow: number, score: number]

/** The rules of the adaptive detector with its default parameters, on whole recordings at once. */
const program = `
import json, sys
import numpy as np

def sections(rms):
    level = np.array(rms, dtype=np.float32).astype(np.float64)
    blocks = [level[at:at + 300] for at in range(0, len(level), 300)]
    own = [np.percentile(block, 20, method='inverted_cdf') for block in blocks]
    if len(blocks) > 1 and len(blocks[-1]) < 150:
        own[-1] = np.inf
    floors = [max(10 ** (-54 / 20), min(own[max(0, at - 2):at + 3])) for at in range(len(blocks))]
    floor = np.repeat(floors, [len(block) for block in blocks])
    loud = np.flatnonzero(level >= floor * 10 ** (12 / 20))
    if len(loud) == 0:
        return []
    found = []
    for run in np.split(loud, np.flatnonzero(np.diff(loud) - 1 >= 20) + 1):
        first, end = int(run[0]), int(run[-1]) + 1
        if end - first < 5 or len(run) < 3:
            continue
        over = np.sort(level[run] / floor[run])[-3]
        before = [max(floor[at], level[max(0, at - 5):at].min()) if at else floor[at] for at in run]
        rise = np.sort(level[run] / before)[-3]
        score = over if first < 5 else min(over, rise)
        found.append([first, end, 20 * float(np.log10(score))])
    return found

print(json.dumps([sections(rms) for rms in json.load(sys.stdin)]))
`

/** Sections of several recordings. */
export function numpySections(recordings: readonly Float32Array[]): OracleSection[][] {
  return python(
    program,
    recordings.map((rms) => [...rms]),
  )
}
