import { createFlushMemory, type FlushMemory } from '../flush/flush-memory.js'
import { ringMemory } from './shared-ring.js'

/** Most files that may be written on one volume at a time. */
export const MOST_FILES = 65_536

/** Words of the control block: what each of them means. */
export const CONTROL = {
  /** Counts what the thread was told; it sleeps on this word. */
  wake: 0,
  /** Number of the last batch that was worked off. */
  done: 1,
  /** 1 while the recorder waits for room. */
  starved: 2,
  /** 1 while the thread works. */
  busy: 3,
  /** How often it was woken. */
  wakings: 4,
  /** The same three of the thread that flushes. */
  flushWake: 5,
  flushBusy: 6,
  flushWakings: 7,
  /** 1 while the thread that writes waits for the end of a flush of which it is not told by itself. */
  flushWanted: 8,
} as const

const CONTROL_WORDS = 16
/** At ten a second they are those of a minute and a half. */
const BATCH_ENTRIES = 1024
/** Six words of 32 bits, two numbers of 64. */
export const BATCH_ENTRY_BYTES = 40
/** Of a file: bytes written, bytes durable; each modulo 2^32. */
const WORDS_PER_FILE = 2

/** What the recorder and the threads of a volume all see. */
export interface SharedMemory {
  /** {@link CONTROL} */
  readonly control: Int32Array
  /** Positions of files. */
  readonly positions: Int32Array
  /** What a {@link BatchRing} is made of. */
  readonly ring: SharedArrayBuffer
  /** What is to be flushed, and was. */
  readonly flush: FlushMemory
}

/** Shared memory for one volume; only the pages in use exist. */
export function createSharedMemory(): SharedMemory {
  return {
    control: new Int32Array(new SharedArrayBuffer(CONTROL_WORDS * 4)),
    positions: new Int32Array(new SharedArrayBuffer(MOST_FILES * WORDS_PER_FILE * 4)),
    ring: ringMemory(BATCH_ENTRIES, BATCH_ENTRY_BYTES),
    flush: createFlushMemory(),
  }
}

/** Has a thread look what there is to do. @param word - on which it sleeps */
export function wakeUp({ control }: SharedMemory, word: number): void {
  Atomics.add(control, word, 1)
  Atomics.notify(control, word)
}

/** Tells how much of a file is written. */
export function publishWritten({ positions }: SharedMemory, file: number, writtenBytes: number): void {
  Atomics.store(positions, file * WORDS_PER_FILE, writtenBytes | 0)
}

/** Tells how much of a file is durable. @param isLess - it may be less than was told */
export function publishDurable({ positions }: SharedMemory, file: number, durableBytes: number, isLess = false): void {
  const word = file * WORDS_PER_FILE + 1
  for (;;) {
    const told = Atomics.load(positions, word)
    if (!isLess && ((durableBytes - told) | 0) <= 0) return
    if (Atomics.compareExchange(positions, word, told, durableBytes | 0) === told) return
  }
}

/** How many of `appendedBytes` are not written yet; right as long as that is less than 4 GiB. */
export function unwrittenBytes({ positions }: SharedMemory, file: number, appendedBytes: number): number {
  return (appendedBytes - Atomics.load(positions, file * WORDS_PER_FILE)) >>> 0
}

/** How many of `appendedBytes` are not durable yet; right as long as that is less than 4 GiB. */
export function undurableBytes({ positions }: SharedMemory, file: number, appendedBytes: number): number {
  return (appendedBytes - Atomics.load(positions, file * WORDS_PER_FILE + 1)) >>> 0
}
