import type { Format, MuxerContext } from '../formats/format.js'
import { parseUtcOffset } from '../ledger/ledger-time.js'
import type { Remains } from '../ledger/read/ledger-scan.js'
import { serialOf } from '../recorder/run/serial.js'

/** Where the file stands in its run. */
export function sequenceOf({ open, failed }: Remains): number {
  return failed?.seq ?? open.seq ?? 0
}

/** What the muxer of a file needs to make it anew, its pre-roll aside. */
export function contextOf(remains: Remains): Omit<MuxerContext, 'history' | 'historyIsPreroll' | 'join'> {
  const { open } = remains
  return {
    startedAt: Date.parse(open.startedAt),
    utcOffsetMinutes: parseUtcOffset(open.utcOffset),
    source: open.source,
    ...(open.title !== undefined && { title: open.title }),
    serial: serialOf(open.run, sequenceOf(remains)),
    // pre-roll is taken over, never made
    opusPrerollMs: 0,
  }
}

/** The format of a file by the word of the ledger. */
export function formatOf({ open }: Remains, formats: readonly Format[]): Format | undefined {
  return formats.find(({ name }) => name === open.format)
}
