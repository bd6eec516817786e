import { constants } from 'node:fs'
import { dirname, join } from 'node:path'
import { StorageError } from '../../../errors.js'
import { suffixedName } from '../../safe-name.js'
import { storageFault } from '../../storage-fault.js'
import type { Disk } from '../disk.js'
import type { Batch, SentFault, SlabRange, TaskResult, VolumeReply, VolumeRequest, VolumeTask } from '../protocol.js'
import { RECORD_HEAD_BYTES, recordBytes } from '../record.js'
import type { Flusher } from '../flush/flusher.js'
import { CONTROL, type SharedMemory } from '../shared/shared-memory.js'
import { FlushMeter } from './flush-policy.js'
import { allDurable, NewNames } from './folders.js'
import { OpenFile } from './open-file.js'
import { SideFiles } from './side-files.js'
import { VolumeFolder, type Piece } from './volume-folder.js'

/** What a {@link VolumeWriter} works with. */
export interface VolumeWriterOptions {
  readonly disk: Disk
  readonly flusher: Flusher
  readonly memory: SharedMemory
  readonly reply: (reply: VolumeReply) => void
}

type Task<Type> = Extract<VolumeTask, { readonly type: Type }>

const { O_RDWR, O_CREAT, O_EXCL } = constants

/**
 * All disk work of recording on one volume: a disk that hangs holds nobody up but this. Writing is done one thing after the other and never
 * waits for a flush; whoever is to be told that something is durable is told when it is.
 */
export class VolumeWriter {
  readonly #options: VolumeWriterOptions
  readonly #meter = new FlushMeter()
  readonly #folders = new Map<number, VolumeFolder>()
  readonly #files = new Map<number, { readonly file: OpenFile; readonly folder: VolumeFolder }>()
  readonly #slabs = new Map<number, Uint8Array>()
  readonly #sides: SideFiles
  readonly #names: NewNames
  #serial = 0

  constructor(options: VolumeWriterOptions) {
    this.#options = options
    this.#names = new NewNames(options.disk, options.flusher)
    this.#sides = new SideFiles({ ...options, names: this.#names })
  }

  /**
   * Writes batches, then does what was asked, in this order, as far as it is writing; files that are made in one go share the flush of their
   * folder. Never rejects.
   */
  async run(requests: readonly VolumeRequest[], batches: readonly Batch[]): Promise<void> {
    for (const batch of batches) await this.#write(batch)
    for (const request of requests) if (request.type === 'task') await this.#answer(request.request, request.task)
    this.#names.begin()
  }

  /** Learns of slabs and folders, before anything that needs them. */
  learn(requests: readonly VolumeRequest[]): void {
    for (const request of requests) {
      if (request.type === 'slab') this.#slabs.set(request.slab, request.bytes)
      else if (request.type === 'noSlab') this.#slabs.delete(request.slab)
      else if (request.type === 'folder') this.#open(request)
    }
  }

  #open(facts: Extract<VolumeRequest, { readonly type: 'folder' }>): void {
    const { disk, flusher } = this.#options
    const folder = new VolumeFolder({ disk, flusher, names: this.#names, facts, meter: this.#meter })
    this.#folders.set(facts.folder, folder)
  }

  async #answer(request: number, task: VolumeTask): Promise<void> {
    try {
      if (task.type === 'create') this.#done(request, await this.#create(task))
      else if (task.type === 'commit') void this.#reply(request, this.#commit(task))
      else {
        const { result, durable } = await this.#sides.begin(task)
        if (task.type === 'append' && task.sync) this.#options.reply({ type: 'written', request })
        void this.#reply(
          request,
          durable.then(() => result),
        )
      }
    } catch (error) {
      this.#failed(request, error)
    }
  }

  async #reply(request: number, result: Promise<TaskResult>): Promise<void> {
    try {
      this.#done(request, await result)
    } catch (error) {
      this.#failed(request, error)
    }
  }

  /** Its name becomes durable beside other work; nothing in it is called durable before. */
  async #create({ folder: number, file: slot, name }: Task<'create'>): Promise<TaskResult> {
    const { disk, flusher, memory } = this.#options
    const folder = this.#folderOf(number)
    const directory = dirname(join(folder.facts.path, name))
    try {
      const above = await this.#names.makeFolder(directory)
      const { handle, taken } = await this.#createExclusively(folder.facts.path, name)
      const path = join(folder.facts.path, taken)
      const ownName = await this.#names.of(directory).catch((error: unknown) => this.#undo(handle, path, error))
      const { ino } = await disk.stat(handle)
      const onFault = (file: number, fault: StorageError) =>
        this.#options.reply({ type: 'fault', file, fault: sent(fault) })
      const named = allDurable([...above, ownName])
      const serial = ++this.#serial
      const file = new OpenFile({
        disk,
        flusher,
        memory,
        slot,
        serial,
        name: taken,
        path,
        handle,
        inode: ino,
        named,
        onFault,
      })
      folder.add(file)
      this.#files.set(slot, { file, folder })
      return { name: taken, device: ownName.device }
    } catch (error) {
      throw storageFault(error, 'create', join(folder.facts.path, name))
    }
  }

  /** It was made a moment ago, nobody was told of it, and nothing was written: a file that plays nowhere. @throws `error` */
  async #undo(handle: number, path: string, error: unknown): Promise<never> {
    const { disk } = this.#options
    try {
      await disk.close(handle)
      await disk.unlink(path)
    } catch {
      // a volume that took no name may not let go of one
    }
    throw error
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

  async #commit({ file: slot, patches, keepBytes }: Task<'commit'>): Promise<TaskResult> {
    const found = this.#files.get(slot)
    if (!found) return {}
    const { file, folder } = found
    this.#files.delete(slot)
    if (keepBytes !== undefined) {
      await folder.abandon(file, keepBytes)
      return {}
    }
    try {
      await folder.commit(file, patches)
      return {}
    } catch (error) {
      await folder.abandon(file, await file.whatStays())
      throw error
    }
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
