import { ringMemory, SharedRing } from '../shared/shared-ring.js'

const ENTRIES = 1024
/** Six words of 32 bits. */
const REQUEST_BYTES = 24
/** Three words of 32 bits, a fourth that is empty, a number of 64. */
const RESULT_BYTES = 24

/** What is to be flushed, and was, in shared memory. */
export interface FlushMemory {
  /** Somebody waits for it. */
  readonly urgent: SharedArrayBuffer
  /** It is merely due. */
  readonly due: SharedArrayBuffer
  readonly results: SharedArrayBuffer
}

/** Memory for what goes to and fro between the thread that writes to a volume and the one that flushes it. */
export function createFlushMemory(): FlushMemory {
  return {
    urgent: ringMemory(ENTRIES, REQUEST_BYTES),
    due: ringMemory(ENTRIES, REQUEST_BYTES),
    // there is room for all that were asked for
    results: ringMemory(4 * ENTRIES, RESULT_BYTES),
  }
}

/** One flush as the thread is told of it. */
export interface SentFlush {
  readonly id: number
  readonly handle: number
  /** All that is known of the file, or folder; else only what is needed to read its bytes. */
  readonly isWhole: boolean
  /** Whose number of durable bytes becomes `bytes`; -1 where it does not: then the thread that writes is woken to look. */
  readonly slot: number
  readonly bytes: number
}

/** How a flush ended. */
export interface FlushResult {
  readonly id: number
  /** As the system numbers errors, negative; 0 where all is well. */
  readonly errno: number
  /** How many names the file has. */
  readonly links: number
  readonly tookMs: number
}

const WAITING = 0
const CLAIMED = 1
const WHOLE = 1

/** Flushes on their way. */
export class FlushRing {
  readonly #ring: SharedRing

  constructor(memory: SharedArrayBuffer) {
    this.#ring = new SharedRing(memory, REQUEST_BYTES)
  }

  /** How many can be added. */
  get room(): number {
    return this.#ring.room
  }

  /** Adds one. @returns where it stands */
  add({ id, handle, isWhole, slot, bytes }: SentFlush): number {
    return this.#ring.add(1, (view, at) => {
      view.setInt32(at, WAITING, true)
      view.setInt32(at + 4, id, true)
      view.setInt32(at + 8, handle, true)
      view.setInt32(at + 12, isWhole ? WHOLE : 0, true)
      view.setInt32(at + 16, slot, true)
      view.setInt32(at + 20, bytes | 0, true)
    })
  }

  /** Takes one back that nobody has begun. @param at - where it was put; another may be there by now @returns whether that is so */
  takeBack(id: number, at: number): boolean {
    return this.#ring.words[at / 4 + 1] === id && this.#claim(at)
  }

  /** The next one that nobody took back. */
  next(): SentFlush | undefined {
    let found: SentFlush | undefined
    const read = (view: DataView, at: number) => {
      if (!this.#claim(at)) return
      found = {
        id: view.getInt32(at + 4, true),
        handle: view.getInt32(at + 8, true),
        isWhole: view.getInt32(at + 12, true) === WHOLE,
        slot: view.getInt32(at + 16, true),
        bytes: view.getInt32(at + 20, true),
      }
    }
    while (!found && this.#ring.take(read, 1) > 0) continue
    return found
  }

  #claim(at: number): boolean {
    return Atomics.compareExchange(this.#ring.words, at / 4, WAITING, CLAIMED) === WAITING
  }
}

/** How flushes ended, on the way back. */
export class ResultRing {
  readonly #ring: SharedRing

  constructor(memory: SharedArrayBuffer) {
    this.#ring = new SharedRing(memory, RESULT_BYTES)
  }

  /** Whether there is any. */
  get isFilled(): boolean {
    return this.#ring.isFilled
  }

  /** Adds one; there is room for all that were asked for. */
  add({ id, errno, links, tookMs }: FlushResult): void {
    this.#ring.add(1, (view, at) => {
      view.setInt32(at, id, true)
      view.setInt32(at + 4, errno, true)
      view.setInt32(at + 8, links, true)
      view.setFloat64(at + 16, tookMs, true)
    })
  }

  /** Takes all that were added. @returns how many */
  takeAll(hear: (result: FlushResult) => void): number {
    return this.#ring.take((view, at) =>
      hear({
        id: view.getInt32(at, true),
        errno: view.getInt32(at + 4, true),
        links: view.getInt32(at + 8, true),
        tookMs: view.getFloat64(at + 16, true),
      }),
    )
  }
}
