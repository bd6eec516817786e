import { lookAtFile, type LookOptions } from '../ledger/rebuild/look-at-file.js'
import { checkFile } from '../recovery/reading/check-file.js'
import type { MendableStorage, StoredFile } from '../storages/storage.js'
import { utcOffsetMinutes } from '../time/strftime.js'
import type { LibraryEntry } from './library-entry.js'

/** What foreign files are read with. */
export interface ReadForeignOptions extends Omit<LookOptions, 'storage'> {
  /** The folder. */
  readonly storage: Pick<MendableStorage, 'read' | 'stat'>
  /** Rests between pieces of long work; throws when it must end. */
  readonly pause: () => Promise<void>
}

/** What a file tells that no ledger knows: its whole audio is read only when head and tail do not say how long it is. @throws {@link StorageError} */
export async function readForeign(file: StoredFile, options: ReadForeignOptions): Promise<Partial<LibraryEntry>> {
  const look = await lookAtFile(file, options)
  if (!look) return {}
  const { format, layout, named, source } = look
  const counted = layout?.samples === undefined ? await count(file, look, options) : undefined
  const header = layout?.header ?? counted?.header
  const samples = layout?.samples ?? counted?.samples
  const durationSeconds = header && samples !== undefined ? samples / header.info.sampleRateHz : undefined
  const fromEnd = durationSeconds === undefined ? undefined : file.modifiedAt - durationSeconds * 1000
  const startedAt = look.startedAt ?? fromEnd
  const zone = named?.timeZone ?? options.timeZone
  return {
    format: format.name,
    ...(header && {
      codec: header.info.codec,
      sampleRateHz: header.info.sampleRateHz,
      channels: header.info.channels,
    }),
    ...(source !== undefined && { source }),
    ...(durationSeconds !== undefined && { durationSeconds }),
    ...(startedAt !== undefined && { startedAt, utcOffsetMinutes: utcOffsetMinutes(startedAt, zone) }),
  }
}

async function count(
  { name }: StoredFile,
  { format, layout }: NonNullable<Awaited<ReturnType<typeof lookAtFile>>>,
  { storage, pause }: ReadForeignOptions,
) {
  const { framesStartByte: headerBytes = 0, prerollFrames = 0 } = layout ?? {}
  return (await checkFile(storage.read(name), { format, headerBytes, prerollFrames, pause })).totals
}
