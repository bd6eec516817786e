import { StorageError } from '../../errors.js'
import type { MonotonicMs } from '../../model.js'
import type { FolderFacts, SyncTick, TaskResult, VolumeReply, VolumeRequest, VolumeTask } from './protocol.js'
import { BatchRing } from './shared/batch-ring.js'
import { CONTROL, createSharedMemory, MOST_FILES, type SharedMemory } from './shared/shared-memory.js'
import { Slabs } from './slabs.js'

/** Does what it is told, elsewhere. */
export interface VolumeThread {
  /** Tells it something, for when it is woken. */
  tell(request: VolumeRequest): void
  /** There is something to do. */
  wake(): void
  /** Whether the process waits for it. */
  hold(isHeld: boolean): void
}

/** Starts the thread of a volume. */
export type StartThread = (
  memory: SharedMemory,
  onReply: (reply: VolumeReply) => void,
  onEnd: (why: string) => void,
) => VolumeThread

/** Who is told of a file that failed. */
export type OnFileFault = (fault: StorageError) => void

interface Waiting {
  readonly onWritten: (() => void) | undefined
  readonly resolve: (result: TaskResult) => void
  readonly reject: (error: StorageError) => void
}

/** One volume: all that is written there goes through its thread, and waits there when it hangs. */
export class Volume {
  readonly memory: SharedMemory = createSharedMemory()
  readonly slabs: Slabs
  readonly #thread: VolumeThread
  readonly #ring: BatchRing
  readonly #waiting = new Map<number, Waiting>()
  readonly #onFault = new Map<number, OnFileFault>()
  readonly #freeFiles: number[] = []
  readonly #forRoom = new Set<() => void>()
  #requests = 0
  #batches = 0
  #files = 0
  #numbers = 0
  #end?: StorageError

  constructor(start: StartThread) {
    this.#thread = start(
      this.memory,
      (reply) => this.#hear(reply),
      (why) => this.#die(why),
    )
    this.#ring = new BatchRing(this.memory)
    this.slabs = new Slabs({
      onNew: (slab, bytes) => this.#thread.tell({ type: 'slab', slab, bytes }),
      onGone: (slab) => this.#thread.tell({ type: 'noSlab', slab }),
      doneBatch: () => Atomics.load(this.memory.control, CONTROL.done),
    })
  }

  /** False once its thread has ended. */
  get isAlive(): boolean {
    return this.#end === undefined
  }

  /** Whether one of its threads works, or hangs. */
  get isBusy(): boolean {
    const { control } = this.memory
    return this.isAlive && (Atomics.load(control, CONTROL.busy) | Atomics.load(control, CONTROL.flushBusy)) === 1
  }

  /** A number for a folder or a file beside the recordings. */
  nextNumber(): number {
    return ++this.#numbers
  }

  /** Tells the thread of a folder. */
  open(facts: FolderFacts): void {
    this.#thread.tell({ type: 'folder', ...facts })
  }

  /** Has something done. @param onWritten - told when what is appended has left the process @throws {@link StorageError} */
  do(task: VolumeTask, onWritten?: () => void): Promise<TaskResult> {
    if (this.#end) return Promise.reject(this.#end)
    const request = ++this.#requests
    this.#thread.hold(true)
    return new Promise<TaskResult>((resolve, reject) => {
      this.#waiting.set(request, { resolve, reject, onWritten })
      this.#thread.tell({ type: 'task', request, task })
      this.#thread.wake()
    })
  }

  /** Whether a batch can be sent. */
  get hasRoom(): boolean {
    return this.#ring.hasRoom
  }

  /** Sends what stands in the slabs, when there is room. */
  send(folder: number, nowMs: MonotonicMs, sync: SyncTick | undefined): void {
    if (this.#end) return
    const batch = ++this.#batches
    this.#ring.add(batch, folder, this.slabs.take(batch, nowMs), sync)
    this.#thread.wake()
  }

  /** Calls back as soon as there is room again. */
  whenRoom(callback: () => void): void {
    this.#forRoom.add(callback)
    Atomics.store(this.memory.control, CONTROL.starved, 1)
    // all may have been worked off just before
    if (Atomics.load(this.memory.control, CONTROL.done) === this.#batches) queueMicrotask(() => this.#giveRoom())
  }

  /** A place in the shared memory for a file. @throws {@link StorageError} */
  takeFile(onFault: OnFileFault): number {
    if (this.#files >= MOST_FILES && this.#freeFiles.length === 0)
      throw new StorageError('ISR_STORAGE_FAILED', `more than ${MOST_FILES} files are being written`)
    const file = this.#freeFiles.pop() ?? this.#files++
    this.#onFault.set(file, onFault)
    return file
  }

  /** The thread knows nothing of that file any more. */
  giveFile(file: number): void {
    this.#onFault.delete(file)
    this.#freeFiles.push(file)
  }

  #hear(reply: VolumeReply): void {
    if (reply.type === 'room') return this.#giveRoom()
    if (reply.type === 'fault')
      return this.#onFault.get(reply.file)?.(new StorageError(reply.fault.code, reply.fault.message))
    const waiting = this.#waiting.get(reply.request)
    if (reply.type === 'written') return waiting?.onWritten?.()
    this.#waiting.delete(reply.request)
    if (this.#waiting.size === 0) this.#thread.hold(false)
    if (reply.type === 'done') waiting?.resolve(reply.result)
    else waiting?.reject(new StorageError(reply.fault.code, reply.fault.message))
  }

  #giveRoom(): void {
    const callbacks = [...this.#forRoom]
    this.#forRoom.clear()
    for (const callback of callbacks) callback()
  }

  /** Out of memory, or a fault of ours: what it wrote is lost to us, the process is not. */
  #die(why: string): void {
    if (this.#end) return
    this.#end = new StorageError('ISR_STORAGE_FAILED', `the thread that writes to the volume has ended: ${why}`)
    this.#thread.hold(false)
    for (const { reject } of this.#waiting.values()) reject(this.#end)
    this.#waiting.clear()
    for (const onFault of [...this.#onFault.values()]) onFault(this.#end)
    this.#giveRoom()
  }
}
