import { StorageError } from '../../errors.js'
import type { Patch } from '../../model.js'
import type { RecordingWriter } from '../storage.js'
import type { Lane, LaneFile } from './lane.js'
import { undurableBytes, unwrittenBytes } from './shared/shared-memory.js'

/** More than any live stream brings between two batches: a source at full speed would wait for the next one, and its bytes grow cold. */
const EAGER_BYTES = 256 * 1024

/** What a {@link VolumeRecording} is made of. */
export interface VolumeRecordingOptions {
  readonly lane: Lane
  /** Storage key wanted. */
  readonly name: string
}

/** A growing file that the thread of its volume writes. */
export class VolumeRecording implements RecordingWriter, LaneFile {
  readonly failed: Promise<never>
  readonly #lane: Lane
  readonly #slot: number
  #name: string
  #parts: Uint8Array[] = []
  #queuedBytes = 0
  /** All that was appended. */
  #appendedBytes = 0
  #fault?: StorageError
  #fail!: (error: StorageError) => void
  /** Of a file that failed or ended. */
  #keptBytes?: number
  #onHanded?: () => void

  private constructor({ lane, name }: VolumeRecordingOptions) {
    this.#lane = lane
    this.#name = name
    this.failed = new Promise<never>((_, reject) => {
      this.#fail = reject
    })
    this.failed.catch(() => {})
    this.#slot = lane.volume.takeFile((fault) => this.#break(fault))
  }

  /** Makes the file. @returns it, and the volume on which it really is @throws {@link StorageError} */
  static async create(options: VolumeRecordingOptions): Promise<{ recording: VolumeRecording; device: string }> {
    const recording = new VolumeRecording(options)
    const { lane, name } = options
    const { volume, folder } = lane
    try {
      const made = await volume.do({ type: 'create', folder, file: recording.#slot, name })
      recording.#name = made.name ?? name
      lane.enter()
      return { recording, device: made.device ?? '' }
    } catch (error) {
      volume.giveFile(recording.#slot)
      throw error
    }
  }

  get name(): string {
    return this.#name
  }

  get unsyncedBytes(): number {
    if (this.#keptBytes !== undefined) return this.#appendedBytes - this.#keptBytes
    const { volume, options } = this.#lane
    const unfinished = options.syncMs > 0 ? undurableBytes : unwrittenBytes
    return unfinished(volume.memory, this.#slot, this.#appendedBytes)
  }

  get waitingBytes(): number {
    if (this.#keptBytes !== undefined) return this.#appendedBytes - this.#keptBytes
    return unwrittenBytes(this.#lane.volume.memory, this.#slot, this.#appendedBytes)
  }

  append(bytes: Uint8Array): void {
    if (bytes.length === 0) return
    this.#appendedBytes += bytes.length
    if (this.#fault) return
    this.#parts.push(bytes)
    this.#queuedBytes += bytes.length
    const { volume, options } = this.#lane
    if (unwrittenBytes(volume.memory, this.#slot, this.#appendedBytes) > options.mostWaitingBytes) this.#stall()
    else if (this.#queuedBytes < EAGER_BYTES) this.#lane.add(this)
    else this.#lane.hurry(this)
  }

  async commit(patches: readonly Patch[]): Promise<void> {
    const { volume } = this.#lane
    if (!this.#fault && this.#queuedBytes > 0) {
      await new Promise<void>((resolve) => {
        this.#onHanded = resolve
        this.#lane.add(this)
        this.#lane.flush()
      })
    }
    const keepBytes = this.#keptBytes
    const task = { type: 'commit' as const, file: this.#slot, patches: copies(patches) }
    try {
      await volume.do({ ...task, ...(keepBytes !== undefined && { keepBytes }) })
      this.#keptBytes ??= this.#appendedBytes
    } catch (error) {
      this.#break(error as StorageError)
    } finally {
      volume.giveFile(this.#slot)
      this.#lane.leave()
    }
    if (this.#fault) throw this.#fault
  }

  hand(): boolean {
    while (this.#queuedBytes > 0) {
      const copied = this.#lane.volume.slabs.put(this.#slot, this.#parts, this.#queuedBytes)
      if (copied === 0) return false
      this.#queuedBytes -= copied
    }
    return true
  }

  sent(): void {
    this.#onHanded?.()
    this.#onHanded = undefined
  }

  /** It waits for longer than memory is for. */
  #stall(): void {
    const { directory, mostWaitingBytes } = this.#lane.options
    const waiting = `${Math.round(mostWaitingBytes / 2 ** 20)} MiB wait for it`
    this.#break(new StorageError('ISR_STORAGE_STALLED', `the volume of ${directory} takes nothing: ${waiting}`))
  }

  /** From here on what is durable stays what it is: whatever the thread still writes is cut off. */
  #break(fault: StorageError): void {
    if (this.#fault) return
    this.#keptBytes = this.#appendedBytes - this.unsyncedBytes
    this.#fault = fault
    this.#parts = []
    this.#queuedBytes = 0
    this.#lane.forget(this)
    this.sent()
    this.#fail(fault)
  }
}

/** Sent as they are, the whole buffers that they look into would be. */
function copies(patches: readonly Patch[]): Patch[] {
  return patches.map(({ offsetBytes, bytes }) => ({ offsetBytes, bytes: bytes.slice() }))
}
