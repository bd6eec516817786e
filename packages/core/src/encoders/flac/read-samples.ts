/** Reads little-endian samples of `bytesPerSample` (2 or 3) from `offset` on into all of `into`. */
export function readSamples(pcm: Uint8Array, offset: number, bytesPerSample: number, into: Int32Array): void {
  let at = offset
  if (bytesPerSample === 2) {
    for (let index = 0; index < into.length; index++, at += 2)
      into[index] = ((pcm[at] << 16) | (pcm[at + 1] << 24)) >> 16
  } else {
    for (let index = 0; index < into.length; index++, at += 3) {
      into[index] = ((pcm[at] << 8) | (pcm[at + 1] << 16) | (pcm[at + 2] << 24)) >> 8
    }
  }
}
