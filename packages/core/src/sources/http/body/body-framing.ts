/** `open`: more may follow; `complete`: the body has ended; `broken`: what follows cannot be understood. */
export type BodyState = 'open' | 'complete' | 'broken'

/** Finds where a body's bytes are on the wire. */
export interface BodyFraming {
  /** Takes wire bytes; gives the body bytes in them. Never throws: look at `state`. */
  push(bytes: Uint8Array): Uint8Array
  /** How things stand after the bytes given so far. */
  readonly state: BodyState
  /** Whether the wire may end here without anything missing. */
  readonly mayEnd: boolean
}
