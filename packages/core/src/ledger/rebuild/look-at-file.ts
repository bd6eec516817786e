import type { Format } from '../../formats/format.js'
import type { FileLayout } from '../../formats/file-layout.js'
import type { EpochMs } from '../../model.js'
import { inspectFile } from '../../recovery/reading/inspect.js'
import type { Storage, StoredFile } from '../../storages/storage.js'
import { readName, type KnownNaming, type NameFacts } from './name-facts.js'

/** How a file is looked at that no ledger knows. */
export interface LookOptions {
  /** Where it is kept. */
  readonly storage: Pick<Storage, 'read'>
  /** Formats to choose from. */
  readonly formats: readonly Format[]
  /** How names may have been made. */
  readonly namings: readonly KnownNaming[]
  /** IANA zone of times in names that no naming tells. Default the system's. */
  readonly timeZone?: string
}

/** What head, tail and name of a file tell. */
export interface FileLook {
  readonly format: Format
  /** Undefined when its format cannot say. */
  readonly layout?: FileLayout
  readonly named?: NameFacts
  /** Wall clock of the first sample, from tags or name. */
  readonly startedAt?: EpochMs
  /** Name of the source, from tags or name. */
  readonly source?: string
}

const SNIFF_BYTES = 16_384
const SUFFICIENT = 0.25

/** Looks at head, tail and name of a file; undefined when it holds no audio of these formats. @throws {@link StorageError} */
export async function lookAtFile(file: StoredFile, options: LookOptions): Promise<FileLook | undefined> {
  const { storage, namings, timeZone } = options
  const format = await formatOf(file, options)
  if (!format) return undefined
  const layout = await inspectFile(storage, file.name, format, file.sizeBytes)
  const named = readName(file.name, namings, timeZone)
  const startedAt = layout?.startedAt ?? named?.startedAt
  const source = layout?.header.metadata.isr_source || named?.source
  return {
    format,
    ...(layout && { layout }),
    ...(named && { named }),
    ...(startedAt !== undefined && { startedAt }),
    ...(source !== undefined && { source }),
  }
}

/** By its content: extensions lie. */
async function formatOf({ name }: StoredFile, { storage, formats }: LookOptions): Promise<Format | undefined> {
  const parts: Uint8Array[] = []
  for await (const part of storage.read(name, { startByte: 0, endByte: SNIFF_BYTES })) parts.push(part)
  const head = Uint8Array.from(Buffer.concat(parts))
  const [best] = formats
    .map((format) => ({ format, confidence: format.sniff(head) }))
    .sort((one, other) => other.confidence - one.confidence)
  return best && best.confidence >= SUFFICIENT ? best.format : undefined
}
