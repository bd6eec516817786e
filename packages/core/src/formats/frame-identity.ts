import type { HeaderCapture } from './header-capture.js'

/**
 * What of a frame is the same whenever a server sends it, so that frames which come again after a reconnect are recognised:
 * docs/design/reconnect.md. A format whose frames cannot be told apart (PCM) has none.
 */
export interface FrameIdentity {
  /**
   * What frames need beside themselves to sound as they do: the packets of a codec's setup. Frames under different setups are never
   * the same. Tags do not belong to it, nor what a file that holds the same frames says otherwise, such as its pre-skip.
   */
  setup(header: HeaderCapture): readonly Uint8Array[]
  /**
   * How many bytes at the start of the frame from `start` to `end` in `bytes` the server may write anew, such as its number.
   * Default none.
   */
  ownHeadBytes?(bytes: Uint8Array, start: number, end: number): number
  /** How many bytes at the end of that frame the server may write anew, such as a checksum over its number. Default none. */
  ownTailBytes?(bytes: Uint8Array, start: number, end: number): number
}

/** Frames that are the same when all their bytes are, and need nothing beside themselves: MP3 and ADTS. */
export const WHOLE_FRAMES: FrameIdentity = { setup: () => [] }
