import { MemoryLedger } from '../../../src/ledger/ledger.js'
import type { OpenLine } from '../../../src/ledger/entry.js'
import { formatIso } from '../../../src/time/strftime.js'
import { repairFile, type RepairTools } from '../../../src/recovery/repair-file.js'
import { builtInFormats } from '../../../src/formats/registry.js'
import { MemoryStorage } from '../../../src/storages/memory-storage.js'
import { FakeClock } from '../../../src/testing/fake-clock.js'
import { serialOf } from '../../../src/recorder/run/serial.js'
import type { AudioKind } from '../../support/audio-kinds.js'
import { splitInto, type MadeFile } from '../../formats/support/framing.js'
import type { Format, SplitJoin } from '../../../src/formats/format.js'

const STARTED_AT = Date.UTC(2026, 10, 22, 16, 0, 0, 250)
const RUN = '20261122T160000.250Z-0badcafe'

/** Files of one run as the recorder makes them. */
export function recordInto(
  format: Format,
  stream: Uint8Array,
  cuts: readonly number[],
  join: SplitJoin = 'exact',
): MadeFile[] {
  return splitInto(format, stream, {
    cuts,
    join,
    context: { startedAt: STARTED_AT, utcOffsetMinutes: 60, source: 'studio', serial: serialOf(RUN, 0) },
  })
}

/** The line that a recorder enters when it opens `file`. */
export function openLine(
  { format, extension, rateHz, channels }: AudioKind,
  file: MadeFile,
  name = `a.${extension}`,
): OpenLine {
  return {
    v: 1,
    type: 'open',
    source: 'studio',
    run: RUN,
    name,
    startedAt: formatIso(STARTED_AT),
    utcOffset: '+01:00',
    format: format.name,
    codec: 'pcm',
    sampleRate: rateHz,
    channels,
    seq: 0,
    headerBytes: file.headerBytes,
    prerollFrames: file.counts.prerollFrames,
  }
}

/** Repairs `bytes` as what a crash left of a file. */
export async function repairBytes(open: OpenLine, bytes: Uint8Array, more: Partial<RepairTools> = {}) {
  const clock = new FakeClock()
  const storage = new MemoryStorage(clock)
  const writer = await storage.create(open.name)
  writer.append(bytes)
  await writer.commit([])
  const ledger = new MemoryLedger()
  const outcome = await repairFile({ open, startByte: 0 }, { storage, ledger, formats: builtInFormats, clock, ...more })
  const result = outcome.action === 'removed' ? undefined : storage.bytes(open.name)
  return { outcome, bytes: result, entries: ledger.entries, storage }
}
