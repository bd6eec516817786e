import { python } from './python.js'

/** A moment to be written by Python. */
export interface StrftimeQuestion {
  readonly pattern: string
  /** Epoch milliseconds, whole. */
  readonly at: number
  readonly timeZone: string
}

/** What Python says about it. */
export interface StrftimeAnswer {
  readonly text: string
  /** Offset from UTC in seconds. */
  readonly offsetSeconds: number
  /** `datetime.isoformat`, which writes the offset with a colon. */
  readonly iso: string
}

const PROGRAM = `
import json, os, sys, time
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
def answer(q):
    os.environ['TZ'] = q['timeZone']  # %s asks the C library, which knows only the zone of the process
    time.tzset()
    local = (EPOCH + timedelta(milliseconds=q['at'])).astimezone(ZoneInfo(q['timeZone']))
    offset = local.utcoffset()
    return {'text': local.strftime(q['pattern']), 'offsetSeconds': offset.days * 86400 + offset.seconds, 'iso': local.isoformat()}
json.dump([answer(q) for q in json.load(sys.stdin)], sys.stdout)
`

/** Asks python3 about all `questions` in one process. */
export function askStrftime(questions: readonly StrftimeQuestion[]): StrftimeAnswer[] {
  return python(PROGRAM, questions)
}

const ZONE_PROGRAM = `
import json, sys
from zoneinfo import available_timezones
json.dump(sorted(available_timezones() - {'localtime', 'posixrules', 'Factory'}), sys.stdout)
`

/** Every time zone of python3's database. */
export function pythonTimeZones(): string[] {
  return python(ZONE_PROGRAM, null)
}
