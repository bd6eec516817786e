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
  /** How many entries were ever added to the ring of batches, and how many were taken. */
  added: 3,
  taken: 4,
  /** 1 while the thread works. */
  busy: 5,
} as const

const CONTROL_WORDS = 16
/** Of a file: bytes written, bytes durable; each modulo 2^32. */
const WORDS_PER_FILE = 2

/** Entries of the ring of batches: at ten a second it holds those of a minute and a half. */
export const RING_ENTRIES = 1024
/** An entry: six words of 32 bits, two numbers of 64. */
export const RING_ENTRY_BYTES = 40
const RING_BYTES = RING_ENTRIES * RING_ENTRY_BYTES

/** What the recorder and the thread of a volume both see. */
export interface SharedMemory {
  /** {@link CONTROL} */
  readonly control: Int32Array
  /** Positions of files. */
  readonly positions: Int32Array
  /** What a {@link BatchRing} is made of. */
  readonly ring: SharedArrayBuffer
}

/** Shared memory for one volume; only the pages in use exist. */
export function createSharedMemory(): SharedMemory {
  return {
    control: new Int32Array(new SharedArrayBuffer(CONTROL_WORDS * 4)),
    positions: new Int32Array(new SharedArrayBuffer(MOST_FILES * WORDS_PER_FILE * 4)),
    ring: new SharedArrayBuffer(RING_BYTES),
  }
}

/** Tells how far a file is; `durableBytes` stays what it was where it is undefined. */
export function publish({ positions }: SharedMemory, file: number, writtenBytes: number, durableBytes?: number): void {
  Atomics.store(positions, file * WORDS_PER_FILE, writtenBytes | 0)
  if (durableBytes !== undefined) Atomics.store(positions, file * WORDS_PER_FILE + 1, durableBytes | 0)
}

/** How many of `appendedBytes` are not written yet; right as long as that is less than 4 GiB. */
export function unwrittenBytes({ positions }: SharedMemory, file: number, appendedBytes: number): number {
  return (appendedBytes - Atomics.load(positions, file * WORDS_PER_FILE)) >>> 0
}

/** How many of `appendedBytes` are not durable yet; right as long as that is less than 4 GiB. */
export function undurableBytes({ positions }: SharedMemory, file: number, appendedBytes: number): number {
  return (appendedBytes - Atomics.load(positions, file * WORDS_PER_FILE + 1)) >>> 0
}
