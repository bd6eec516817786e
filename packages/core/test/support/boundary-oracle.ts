import { python } from './python.js'

/** A stretch of time in a zone, with grids to look for in it. */
export interface BoundaryQuestion {
  readonly timeZone: string
  /** First second, in epoch seconds. */
  readonly from: number
  /** First second that is not looked at any more. */
  readonly to: number
  /** Lengths of cells, in seconds. */
  readonly splitSeconds: readonly number[]
}

/** Looks at each second of the local clock, with the time zones of Python and nothing clever. */
const PROGRAM = `
import json, sys
from datetime import datetime
from zoneinfo import ZoneInfo
DAY = 86400
def scan(q):
    zone = ZoneInfo(q['timeZone'])
    base = datetime(1970, 1, 1)
    readings = []
    for second in range(q['from'] - 1, q['to']):
        local = datetime.fromtimestamp(second, zone)
        offset = local.utcoffset()
        readings.append(second + offset.days * DAY + offset.seconds)
    answer = []
    for split in q['splitSeconds']:
        found = []
        if split >= DAY:
            cells = [r // split for r in readings]
            exact = [r % split == 0 for r in readings]
        else:
            cells = [r // DAY * DAY + r % DAY // split for r in readings]
            exact = [r % DAY % split == 0 for r in readings]
        for i in range(1, len(cells)):
            if exact[i] or cells[i] != cells[i - 1]:
                found.append(q['from'] - 1 + i)
        answer.append(found)
    return answer
json.dump([scan(q) for q in json.load(sys.stdin)], sys.stdout)
`

/** For each question and each of its grids: every boundary, in epoch seconds. */
export function scanBoundaries(questions: readonly BoundaryQuestion[]): number[][][] {
  return python(PROGRAM, questions)
}
