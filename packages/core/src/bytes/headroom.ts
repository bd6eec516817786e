/** More than the rest of a frame usually is. */
const HEADROOM_BYTES = 1 << 16

/** How many bytes at the start of a buffer are free. */
const free = new WeakMap<ArrayBufferLike, number>()

/**
 * `length` zero bytes with room before them: what is left of the bytes before can be put there, instead of copying all into a third
 * place.
 */
export function bytesWithHeadroom(length: number): Uint8Array {
  const bytes = new Uint8Array(HEADROOM_BYTES + length)
  keepHeadroom(bytes.buffer, HEADROOM_BYTES)
  return bytes.subarray(HEADROOM_BYTES)
}

/** Says that the bytes of the buffer before `offset` are free for what is to stand right before there. */
export function keepHeadroom(buffer: ArrayBufferLike, offset: number): void {
  free.set(buffer, offset)
}

/** `before` and `bytes` in one piece, in the room before `bytes`; undefined when there is none. Whoever comes first gets it. */
export function prepend(before: Uint8Array, bytes: Uint8Array): Uint8Array | undefined {
  if (free.get(bytes.buffer) !== bytes.byteOffset || before.length > bytes.byteOffset) return undefined
  free.delete(bytes.buffer)
  const whole = new Uint8Array(bytes.buffer, bytes.byteOffset - before.length, before.length + bytes.length)
  whole.set(before)
  return whole
}
