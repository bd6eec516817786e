import { createReadStream } from 'node:fs'
import { opendir, stat, unlink } from 'node:fs/promises'
import { join, relative, resolve, sep } from 'node:path'
import { StorageError } from '../errors.js'
import type { Patch } from '../model.js'
import { systemClock, type Clock } from '../time/clock.js'
import { FileReplacement } from './disk/file-replacement.js'
import { overwriteFile } from './disk/overwrite-file.js'
import { checkName } from './safe-name.js'
import type { MendableStorage, RecordingWriter, Replacement, StoredFile } from './storage.js'
import { storageFault } from './storage-fault.js'
import { Lane, type LaneOptions } from './volume/lane.js'
import type { GroupCommit } from './volume/protocol.js'
import { VolumeRecording } from './volume/recording.js'
import { volumes } from './volume/volumes.js'

/** Bytes read at a time. */
const READ_BYTES = 256 * 1024

/** More than a recorder keeps of a source in memory, so that it can write all of that again at once. */
const WAITING_BYTES = 96 << 20

/** 30 s of a thousand streams of 128 kb/s are twice that. */
const JOURNAL_HALF_BYTES = 256 << 20

/** Options of a {@link FileStorage}. */
export interface FileStorageOptions {
  /** Folder of the recordings; made when missing. */
  readonly directory: string
  /** How often growing files are forced to disk, in seconds; 0 leaves it to the system. @defaultValue 1 */
  readonly syncSeconds?: number
  /**
   * When growing files are made durable together through a journal in `.isr/journal` instead of each by itself: `auto` where flushes
   * take more than a quarter of the time. @defaultValue auto
   */
  readonly groupCommit?: GroupCommit
  /** Most bytes of one file that wait in memory for a volume that hangs; beyond them its writer fails. @defaultValue 96 MiB */
  readonly mostWaitingBytes?: number
  /** Timers. @defaultValue the machine's clock */
  readonly clock?: Clock
}

/** Recordings as files in a folder. A growing file has its final name; hidden files and folders are not recordings. */
export class FileStorage implements MendableStorage {
  readonly location: string
  readonly syncSeconds: number
  readonly #laneOptions: LaneOptions
  #lane?: Promise<Lane>
  #device?: string

  constructor(options: FileStorageOptions) {
    this.location = options.directory
    this.syncSeconds = options.syncSeconds ?? 1
    this.#laneOptions = {
      directory: resolve(options.directory),
      clock: options.clock ?? systemClock,
      syncMs: this.syncSeconds * 1000,
      groupCommit: options.groupCommit ?? 'auto',
      journalHalfBytes: JOURNAL_HALF_BYTES,
      mostWaitingBytes: options.mostWaitingBytes ?? WAITING_BYTES,
    }
  }

  async create(name: string): Promise<RecordingWriter> {
    checkName(name)
    const lane = await this.#openLane()
    try {
      const { recording, device } = await VolumeRecording.create({ lane, name })
      if (device !== this.#device) await this.#reconsider(lane, device)
      return recording
    } catch (error) {
      throw storageFault(error, 'create', join(this.location, name))
    }
  }

  async *read(
    name: string,
    range?: { readonly startByte: number; readonly endByte?: number },
  ): AsyncIterable<Uint8Array> {
    checkName(name)
    const path = join(this.location, name)
    const options = {
      highWaterMark: READ_BYTES,
      ...(range && { start: range.startByte, end: range.endByte === undefined ? Infinity : range.endByte - 1 }),
    }
    if (range?.endByte !== undefined && range.endByte <= range.startByte) return
    try {
      yield* createReadStream(path, options) as AsyncIterable<Uint8Array>
    } catch (error) {
      throw storageFault(error, 'read', path)
    }
  }

  async *list(): AsyncIterable<StoredFile> {
    try {
      for await (const entry of await opendir(this.location, { recursive: true })) {
        if (!entry.isFile()) continue
        const path = join(entry.parentPath, entry.name)
        const name = relative(this.location, path).split(sep).join('/')
        if (name.split('/').some((part) => part.startsWith('.'))) continue
        const facts = await stat(path).catch(() => undefined) // deleted meanwhile
        if (facts) yield { name, sizeBytes: facts.size, modifiedAt: facts.mtimeMs }
      }
    } catch (error) {
      const fault = storageFault(error, 'list', this.location)
      if (fault.code !== 'ISR_STORAGE_NOT_FOUND') throw fault
    }
  }

  async remove(name: string): Promise<void> {
    const path = join(this.location, checkName(name))
    await unlink(path).catch((error: unknown) => {
      throw storageFault(error, 'remove', path)
    })
  }

  async stat(name: string): Promise<StoredFile> {
    const path = join(this.location, checkName(name))
    try {
      const facts = await stat(path)
      if (facts.isFile()) return { name, sizeBytes: facts.size, modifiedAt: facts.mtimeMs }
    } catch (error) {
      throw storageFault(error, 'find', path)
    }
    throw new StorageError('ISR_STORAGE_NOT_FOUND', `${path} is not a file`)
  }

  async replace(name: string): Promise<Replacement> {
    await this.stat(name)
    return FileReplacement.begin(join(this.location, name))
  }

  async overwrite(name: string, patches: readonly Patch[]): Promise<void> {
    await overwriteFile(join(this.location, checkName(name)), patches)
  }

  async #openLane(): Promise<Lane> {
    if (this.#lane && !(await this.#lane).volume.isAlive) this.#lane = undefined
    this.#lane ??= volumes.of(this.location).then((volume) => Lane.open(volume, this.#laneOptions))
    return this.#lane
  }

  /** The folder may be on another volume since something was mounted there, or is there no more. */
  async #reconsider(lane: Lane, device: string): Promise<void> {
    this.#device = device
    if ((await volumes.of(this.location)) !== lane.volume) this.#lane = undefined
  }
}
