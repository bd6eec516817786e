import type { Format } from '../formats/format.js'
import type { Patch } from '../model.js'
import type { MendableStorage } from '../storages/storage.js'
import type { FrameTotals } from './reading/frame-tally.js'
import type { Remains } from '../ledger/read/ledger-scan.js'
import { contextOf } from './remains.js'
import { Remuxer, type Remuxed } from './remuxer.js'
import { SameBytes } from './same-bytes.js'

/** How remains are made into a file. */
export interface RemakeOptions {
  readonly storage: MendableStorage
  readonly remains: Remains
  readonly format: Format
  readonly prerollFrames: number
  /** Takes the new file; absent: nothing is written, only counted. */
  readonly write?: (bytes: Uint8Array) => Promise<void>
  /** Waits between pieces, for work that must not disturb. Default not at all. */
  readonly pause?: () => Promise<void>
}

/** What came of remains, or would. */
export interface Remade {
  /** Undefined when there is no audio in them. */
  readonly made?: Remuxed
  /** The frames that are in the remains. */
  readonly found: FrameTotals
  /** Whether all that the new file has behind its head, its tail aside, stands there already, to the last byte. */
  readonly sameAudio: boolean
  /** Whether its head does, corrections aside. */
  readonly sameHead: boolean
}

/** Runs the remains of a file through framer and muxer once. @throws {@link StorageError} */
export async function remake(options: RemakeOptions): Promise<Remade> {
  const { storage, remains, format, prerollFrames, write, pause } = options
  const comparison = new SameBytes()
  let waiting: Uint8Array[] = []
  const remuxer = new Remuxer({
    format,
    prerollFrames,
    ...(remains.keepFrames !== undefined && { keepFrames: remains.keepFrames }),
    context: contextOf(remains),
    onBytes: (bytes) => {
      comparison.made(bytes)
      if (write && bytes.length > 0) waiting.push(bytes)
    },
  })
  const flush = async () => {
    const parts = waiting
    waiting = []
    for (const bytes of parts) await write?.(bytes)
  }
  for await (const chunk of storage.read(remains.open.name)) {
    comparison.read(chunk)
    remuxer.push(chunk)
    await flush()
    await pause?.()
  }
  const { found, made } = remuxer.finish()
  await flush()
  const sameHead = made !== undefined && comparison.isSameHead(made.patches)
  return { found, ...(made && { made }), sameAudio: comparison.isSameAudio, sameHead }
}

/** Which corrections really change something. @throws {@link StorageError} */
export async function changesOf(
  storage: MendableStorage,
  name: string,
  patches: readonly Patch[],
): Promise<readonly Patch[]> {
  const changes: Patch[] = []
  for (const patch of patches) {
    const range = { startByte: patch.offsetBytes, endByte: patch.offsetBytes + patch.bytes.length }
    const parts: Uint8Array[] = []
    for await (const part of storage.read(name, range)) parts.push(part)
    if (Buffer.compare(Buffer.concat(parts), patch.bytes) !== 0) changes.push(patch)
  }
  return changes
}
