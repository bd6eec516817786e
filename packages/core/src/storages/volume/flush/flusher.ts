/** What is to be flushed. */
export interface FlushRequest {
  /** An open file, or folder. */
  readonly handle: number
  /** All that is known of it; else only its bytes and what is needed to read them. */
  readonly isWhole?: boolean
  /** Somebody waits for it: it goes before what is merely due. */
  readonly isUrgent: boolean
  /** Whose number of durable bytes becomes what, as soon as it is true; only where it is not urgent. */
  readonly publishes?: { readonly slot: number; readonly bytes: number }
}

/** A flush that succeeded. */
export interface Flushed {
  readonly tookMs: number
  /** How many names the file has: one that was removed has none. */
  readonly links: number
}

/** A flush on its way. */
export interface Flush {
  /** Rejects with the error of Node.js. */
  readonly done: Promise<Flushed>
  /** It has become urgent. @returns false when it has begun: who knows whether it takes what was written since */
  hurry(): boolean
  /** Somebody waits for its end, which is heard at the next opportunity else. */
  want(): void
}

/**
 * Forces files to disk, one after the other, beside the thread that writes: writing never waits for a flush. Those that are urgent go first,
 * in the order in which they were asked for.
 */
export interface Flusher {
  flush(request: FlushRequest): Flush
}

/** Flushes and waits for it. @throws the error of Node.js */
export function flushed(flusher: Flusher, handle: number, isWhole = false): Promise<Flushed> {
  return flusher.flush({ handle, isUrgent: true, isWhole }).done
}
