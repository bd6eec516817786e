import { concatBytes } from '../bytes/concat.js'
import type { Format } from '../formats/format.js'
import type { Storage } from '../storages/storage.js'
import type { CheckedFile } from './reading/check-file.js'
import { FrameWalk, type FrameTotals } from './reading/frame-tally.js'
import type { Remade } from './remake.js'
import type { Remuxed } from './remuxer.js'

const SNIFF_BYTES = 16_384
/** So sure a format has to be of a file to speak against the ledger. */
const CERTAIN = 0.9
/** A file that is longer is not taken for empty: a header, hidden pre-roll and a frame that was cut need less. */
const MAX_EMPTY_BYTES = 256 * 1024
/** Hidden frames that are no more than pre-roll; those of Opus give no samples. */
const MAX_PREROLL_SECONDS = 0.5
/** In less than this a frame that was cut may not be told from damage. */
const TORN_BYTES = 8192

/** The format that a file certainly is when it is not the one that the ledger tells. @throws {@link StorageError} */
export async function otherFormat(
  storage: Pick<Storage, 'read'>,
  name: string,
  told: Format,
  formats: readonly Format[],
): Promise<Format | undefined> {
  const head = concatBytes(await readAll(storage.read(name, { startByte: 0, endByte: SNIFF_BYTES })))
  const toldConfidence = told.sniff(head)
  return formats.find((format) => {
    const confidence = format === told ? 0 : format.sniff(head)
    return confidence >= CERTAIN && confidence > toldConfidence
  })
}

/** Why remains cannot become a file of ours; undefined when they can. */
export function whyNoFile({ made, found }: Remade, format: Format, sizeBytes: number): string | undefined {
  if (found.streams > 1) return 'it holds several streams'
  if (!made || made.counts.samples === 0) return 'no whole frame of audio is in it'
  return found.strayBytes - found.tornBytes > sizeBytes / 2 ? `most of it is no ${format.name}` : undefined
}

/** Remains in which nothing was found. */
export interface EmptyRemains {
  readonly name: string
  readonly sizeBytes: number
  readonly format: Format
  readonly found: FrameTotals
  /** By the word of the ledger. */
  readonly headerBytes: number
  readonly prerollFrames: number
}

/**
 * Whether there is certainly no audio in them, whatever the ledger says that they are: nothing is removed on the word of a line.
 * @throws {@link StorageError}
 */
export async function isEmpty(
  storage: Pick<Storage, 'read'>,
  formats: readonly Format[],
  remains: EmptyRemains,
): Promise<boolean> {
  const { name, sizeBytes, format: told, found, headerBytes, prerollFrames } = remains
  const damagedBytes = found.strayBytes - found.tornBytes - headerBytes
  if (found.samples > 0 || damagedBytes > TORN_BYTES || sizeBytes > MAX_EMPTY_BYTES) return false
  if (found.prerollSamples > MAX_PREROLL_SECONDS * (found.header?.info.sampleRateHz ?? 0)) return false
  const parts = await readAll(storage.read(name))
  return formats.every((format) => {
    const walk = new FrameWalk(format, format === told ? prerollFrames : 0)
    for (const part of parts) walk.push(part)
    return walk.finish().samples === 0
  })
}

/**
 * Why a new file must not take the place of the remains; undefined when it holds every frame of them. Where bytes between frames
 * were lost, numbers inside of frames change, and only their count and length can be compared.
 */
export function unprovenReason({ found }: Remade, { counts }: Remuxed, { totals }: CheckedFile): string | undefined {
  const sameFrames = totals.frames === found.frames && totals.frames === counts.frames && totals.streams === 1
  if (!sameFrames || totals.prerollFrames !== found.prerollFrames) return 'the new file would not hold every frame'
  if (totals.samples !== found.samples || totals.samples !== counts.samples)
    return 'the new file would be of another length'
  const damaged = found.strayBytes > found.tornBytes
  if (!damaged && totals.sha256 !== found.sha256) return 'the new file would hold other audio'
  return totals.strayBytes > 0 ? 'the new file would not be whole' : undefined
}

async function readAll(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array[]> {
  const parts: Uint8Array[] = []
  for await (const part of chunks) parts.push(part)
  return parts
}
