import { constants } from 'node:fs'
import { dirname, join } from 'node:path'
import { StorageError } from '../../../errors.js'
import { suffixedName } from '../../safe-name.js'
import { storageFault } from '../../storage-fault.js'
import type { Disk } from '../disk.js'
import type { Batch, SentFault, SlabRange, TaskResult, VolumeReply, VolumeRequest, VolumeTask } from '../protocol.js'
import { RECORD_HEAD_BYTES, recordBytes } from '../record.js'
import { CONTROL, type SharedMemory } from '../shared-memory.js'
import { FlushMeter } from './flush-policy.js'
import { makeDurableFolder, syncFolderOn } from './folders.js'
import { OpenFile } from './open-file.js'
import { SideFiles } from './side-files.js'
import { VolumeFolder, type Piece } from './volume-folder.js'

/** What a {@link VolumeWriter} works with. */
export interface VolumeWriterOptions {
  readonly disk: Disk
  readonly memory: SharedMemory
  /** For durations. */
  readonly now: () => number
  readonly reply: (reply: VolumeReply) => void
}

type Task<Type> = Extract<VolumeTask, { readonly type: Type }>

const { O_RDWR, O_CREAT, O_EXCL } = constants

/** All disk work of recording on one volume, one thing after the other: a disk that hangs holds nobody up but this. */
export class VolumeWriter {
  readonly #options: VolumeWriterOptions
  readonly #meter = new FlushMeter()
  readonly #folders = new Map<number, VolumeFolder>()
  readonly #files = new Map<number, { readonly file: OpenFile; readonly folder: VolumeFolder }>()
  readonly #slabs = new Map<number, Uint8Array>()
  readonly #sides: SideFiles
  /** Folders of new names, and who waits for them. */
  readonly #unsyncedFolders = new Set<string>()
  #created: { readonly request: number; readonly slot: number; readonly name: string }[] = []
  /** Committed, as soon as the journal is flushed. */
  #ended: { readonly request: number; readonly file: OpenFile; readonly folder: VolumeFolder }[] = []
  #serial = 0

  constructor(options: VolumeWriterOptions) {
    this.#options = options
    this.#sides = new SideFiles(options.disk)
  }

  /**
   * Writes batches, then does what was asked, in this order; files that are made or ended together share the flushes that this takes.
   * Never rejects.
   */
  async run(requests: readonly VolumeRequest[], batches: readonly Batch[]): Promise<void> {
    for (const batch of batches) await this.#write(batch)
    for (const request of requests) if (request.type === 'task') await this.#answer(request.request, request.task)
    if (this.#created.length + this.#ended.length > 0) await this.#settle()
  }

  /** Learns of slabs and folders, before anything that needs them. */
  learn(requests: readonly VolumeRequest[]): void {
    for (const request of requests) {
      if (request.type === 'slab') this.#slabs.set(request.slab, request.bytes)
      else if (request.type === 'folder') this.#open(request)
    }
  }

  /** Does a little of what can wait. Never rejects. @returns whether there was anything */
  async work(): Promise<boolean> {
    for (const folder of this.#folders.values()) if (await folder.work()) return true
    return false
  }

  #open(facts: Extract<VolumeRequest, { readonly type: 'folder' }>): void {
    const { disk, now } = this.#options
    this.#folders.set(facts.folder, new VolumeFolder({ disk, facts, meter: this.#meter, now }))
  }

  async #answer(request: number, task: VolumeTask): Promise<void> {
    try {
      if (task.type === 'create') await this.#create(request, task)
      else if (task.type === 'commit') await this.#commit(request, task)
      else this.#done(request, await this.#sides.do(task))
    } catch (error) {
      this.#failed(request, error)
    }
  }

  async #create(request: number, { folder: number, file: slot, name }: Task<'create'>): Promise<void> {
    const { disk, memory } = this.#options
    const folder = this.#folderOf(number)
    const directory = dirname(join(folder.facts.path, name))
    try {
      await makeDurableFolder(disk, directory)
      const { handle, taken } = await this.#createExclusively(folder.facts.path, name)
      const { ino } = await disk.stat(handle)
      const path = join(folder.facts.path, taken)
      const onFault = (file: number, fault: StorageError) =>
        this.#options.reply({ type: 'fault', file, fault: sent(fault) })
      const serial = ++this.#serial
      const file = new OpenFile({ disk, memory, slot, serial, name: taken, path, handle, inode: ino, onFault })
      folder.add(file)
      this.#files.set(slot, { file, folder })
      this.#unsyncedFolders.add(directory)
      this.#created.push({ request, slot, name: taken })
    } catch (error) {
      throw storageFault(error, 'create', join(folder.facts.path, name))
    }
  }

  /** O_EXCL: what exists is never opened, let alone overwritten. */
  async #createExclusively(
    directory: string,
    name: string,
  ): Promise<{ readonly handle: number; readonly taken: string }> {
    for (let attempt = 0; attempt < 100_000; attempt++) {
      const taken = suffixedName(name, attempt)
      try {
        return { handle: await this.#options.disk.open(join(directory, taken), O_RDWR | O_CREAT | O_EXCL), taken }
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      }
    }
    throw new StorageError('ISR_STORAGE_EXISTS', `${name} and 100,000 names like it are taken; mend filename_pattern`)
  }

  async #write({ batch, folder: number, ranges, sync }: Batch): Promise<void> {
    const { control } = this.#options.memory
    const folder = this.#folderOf(number)
    const pieces: Piece[] = []
    for (const range of ranges) await this.#writeRange(range, pieces)
    await folder.journal(pieces, this.#spansOf(ranges))
    Atomics.store(control, CONTROL.done, batch)
    if (Atomics.exchange(control, CONTROL.starved, 0) === 1) this.#options.reply({ type: 'room' })
    if (sync) await folder.tick(sync)
  }

  async #writeRange({ slab: number, startByte, endByte }: SlabRange, pieces: Piece[]): Promise<void> {
    const slab = this.#slabOf(number)
    const words = new DataView(slab.buffer, slab.byteOffset, slab.length)
    for (let at = startByte; at < endByte;) {
      const slot = words.getUint32(at + 8, true)
      const length = words.getUint32(at + 12, true)
      const file = this.#files.get(slot)?.file
      const position = file?.writtenBytes ?? 0
      const content = slab.subarray(at + RECORD_HEAD_BYTES, at + RECORD_HEAD_BYTES + length)
      const taken = await file?.write(content)
      pieces.push({ slab, at, length, position, ...(taken && { file }) })
      at += recordBytes(length)
    }
  }

  async #commit(request: number, { file: slot, patches, keepBytes }: Task<'commit'>): Promise<void> {
    const found = this.#files.get(slot)
    if (!found) return this.#done(request, {})
    const { file, folder } = found
    this.#files.delete(slot)
    if (keepBytes !== undefined) {
      await folder.abandon(file, keepBytes)
      return this.#done(request, {})
    }
    try {
      if (await folder.commit(file, patches)) this.#done(request, {})
      else this.#ended.push({ request, file, folder })
    } catch (error) {
      await folder.abandon(file, file.durableBytes)
      throw error
    }
  }

  async #settle(): Promise<void> {
    const [created, ended] = [this.#created, this.#ended]
    this.#created = []
    this.#ended = []
    const synced = await this.#syncFolders()
    for (const { request, slot, name } of created) {
      const { folder, file } = this.#files.get(slot) ?? {}
      const path = join(folder?.facts.path ?? '', name)
      const device = synced.get(dirname(path))
      if (typeof device === 'string') {
        this.#done(request, { name, device })
        continue
      }
      this.#files.delete(slot)
      if (file) await folder?.abandon(file, 0)
      await this.#removeEmpty(path)
      this.#failed(request, storageFault(device, 'create', path))
    }
    for (const folder of new Set(ended.map(({ folder }) => folder))) await folder.flushJournal()
    for (const { request, file } of ended) {
      if (file.fault) this.#failed(request, file.fault)
      else this.#done(request, {})
    }
  }

  /** It was made a moment ago, nobody was told of it, and nothing was written: a file that plays nowhere. */
  async #removeEmpty(path: string): Promise<void> {
    try {
      await this.#options.disk.unlink(path)
    } catch {
      // a volume that took no name may not let go of one
    }
  }

  /** @returns the volume of each, or why it failed */
  async #syncFolders(): Promise<Map<string, unknown>> {
    const folders = [...this.#unsyncedFolders]
    this.#unsyncedFolders.clear()
    const synced = new Map<string, unknown>()
    for (const folder of folders)
      synced.set(folder, await syncFolderOn(this.#options.disk, folder).catch((error: unknown) => error))
    return synced
  }

  #done(request: number, result: TaskResult): void {
    this.#options.reply({ type: 'done', request, result })
  }

  #failed(request: number, error: unknown): void {
    this.#options.reply({ type: 'failed', request, fault: sent(storageFault(error, 'write', 'the volume')) })
  }

  #folderOf(number: number): VolumeFolder {
    const folder = this.#folders.get(number)
    if (!folder) throw new Error(`no folder ${number}`)
    return folder
  }

  #slabOf(number: number): Uint8Array {
    const slab = this.#slabs.get(number)
    if (!slab) throw new Error(`no slab ${number}`)
    return slab
  }

  #spansOf(ranges: readonly SlabRange[]): Uint8Array[] {
    return ranges.map(({ slab, startByte, endByte }) => this.#slabOf(slab).subarray(startByte, endByte))
  }
}

function sent(error: StorageError): SentFault {
  return { code: error.code, message: error.message }
}
