import type { Format, SplitJoin } from '../../../src/formats/format.js'
import { builtInFormats } from '../../../src/formats/registry.js'
import type { OpenLine } from '../../../src/ledger/entry.js'
import { MemoryLedger } from '../../../src/ledger/ledger.js'
import { serialOf } from '../../../src/recorder/run/serial.js'
import { repairFile, type RepairTools } from '../../../src/recovery/repair-file.js'
import { MemoryStorage } from '../../../src/storages/memory-storage.js'
import { FakeClock } from '../../../src/testing/fake-clock.js'
import { formatIso } from '../../../src/time/strftime.js'
import { splitInto, type MadeFile } from '../../formats/support/framing.js'
import type { AudioKind } from '../../support/audio-kinds.js'

const STARTED_AT = Date.UTC(2026, 10, 22, 16, 0, 0, 250)
const RUN = '20261122T160000.250Z-0badcafe'

/** Files of one run as the recorder makes them. */
export function recordInto(
  format: Format,
  stream: Uint8Array,
  cuts: readonly number[],
  join: SplitJoin = 'exact',
  title?: string,
): MadeFile[] {
  const facts = { startedAt: STARTED_AT, utcOffsetMinutes: 60, source: 'studio', serial: serialOf(RUN, 0) }
  const context = { ...facts, ...(title !== undefined && { title }) }
  return splitInto(format, stream, { cuts, join, context })
}

/** The line that a recorder enters when it opens `file`. */
export function openLine(kind: AudioKind, file: MadeFile, changes: Partial<OpenLine> = {}): OpenLine {
  return {
    v: 1,
    type: 'open',
    source: 'studio',
    run: RUN,
    name: `a.${kind.extension}`,
    startedAt: formatIso(STARTED_AT),
    utcOffset: '+01:00',
    format: kind.format.name,
    codec: 'pcm',
    sampleRate: kind.rateHz,
    channels: kind.channels,
    seq: 0,
    headerBytes: file.headerBytes,
    prerollFrames: file.counts.prerollFrames,
    ...changes,
  }
}

/** A file in memory. */
export async function store(name: string, bytes: Uint8Array): Promise<MemoryStorage> {
  const storage = new MemoryStorage(new FakeClock())
  const writer = await storage.create(name)
  writer.append(bytes)
  await writer.commit([])
  return storage
}

/** Repairs `bytes` as what a crash left of a file. */
export async function repairBytes(open: OpenLine, bytes: Uint8Array, more: Partial<RepairTools> = {}) {
  const storage = await store(open.name, bytes)
  const ledger = new MemoryLedger()
  const tools = { storage, ledger, formats: builtInFormats, clock: new FakeClock(), ...more }
  const outcome = await repairFile({ open, startByte: 0 }, tools)
  const after = outcome.action === 'removed' ? new Uint8Array(0) : storage.bytes(open.name)
  return { outcome, bytes: after, entries: ledger.entries, storage }
}
