import type { EpochMs, StreamMetadata } from '../../model.js'
import { parseInstant } from '../../time/parse-instant.js'

/** Wall clock of the first sample by `ISR_START` (microseconds), else by a `DATE` that names a moment; undefined without them. */
export function commentStart(metadata: StreamMetadata): EpochMs | undefined {
  const { isr_start: start, date } = metadata
  if (start !== undefined && /^\d{1,16}$/.test(start)) return Number(start) / 1000
  return date === undefined ? undefined : parseInstant(date)
}
