const LITTLE_ENDIAN_HOST = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1

/** Interleaves decoded channels into little-endian PCM, as FLAC's MD5 and WAV files want it. Keeps its buffer. */
export class PcmInterleaver {
  #buffer = new ArrayBuffer(0)

  /**
   * The samples as signed little-endian integers of `ceil(bitsPerSample / 8)` bytes; valid until the next call.
   * @param channels - arrays of one length
   * @source RFC 9639 §8.2
   */
  interleave(channels: readonly Int32Array[], bitsPerSample: number): Uint8Array {
    const size = channels[0].length
    const bytesPerSample = (bitsPerSample + 7) >>> 3
    const length = size * channels.length * bytesPerSample
    if (this.#buffer.byteLength < length) this.#buffer = new ArrayBuffer(length)
    if (bytesPerSample === 2 && LITTLE_ENDIAN_HOST) interleave16(channels, new Int16Array(this.#buffer), size)
    else interleaveBytes(channels, new Uint8Array(this.#buffer), size, bytesPerSample)
    return new Uint8Array(this.#buffer, 0, length)
  }
}

function interleave16(channels: readonly Int32Array[], out: Int16Array, size: number): void {
  if (channels.length === 2) {
    const [left, right] = channels
    for (let index = 0; index < size; index++) {
      out[2 * index] = left[index]
      out[2 * index + 1] = right[index]
    }
    return
  }
  for (let channel = 0; channel < channels.length; channel++) {
    const samples = channels[channel]
    for (let index = 0, at = channel; index < size; index++, at += channels.length) out[at] = samples[index]
  }
}

function interleaveBytes(channels: readonly Int32Array[], out: Uint8Array, size: number, bytesPerSample: number): void {
  const step = (channels.length - 1) * bytesPerSample
  for (let channel = 0; channel < channels.length; channel++) {
    const samples = channels[channel]
    let at = channel * bytesPerSample
    for (let index = 0; index < size; index++, at += step) {
      let value = samples[index]
      for (let byte = 0; byte < bytesPerSample; byte++, value >>= 8) out[at++] = value
    }
  }
}
