/** More than the rest of a frame usually is. */
const HEADROOM_BYTES = 1 << 16

/** How many bytes at the start of a buffer are free: a property of it, because a WeakMap costs a call of V8's runtime for each buffer, and its collector. */
const FREE = Symbol('free bytes at the start')

type WithHeadroom = ArrayBufferLike & { [FREE]?: number }

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
  ;(buffer as WithHeadroom)[FREE] = offset
}

/** `before` and `bytes` in one piece, in the room before `bytes`; undefined when there is none. Whoever comes first gets it. */
export function prepend(before: Uint8Array, bytes: Uint8Array): Uint8Array | undefined {
  const buffer = bytes.buffer as WithHeadroom
  if (buffer[FREE] !== bytes.byteOffset || before.length > bytes.byteOffset) return undefined
  buffer[FREE] = undefined
  const whole = new Uint8Array(bytes.buffer, bytes.byteOffset - before.length, before.length + bytes.length)
  whole.set(before)
  return whole
}
