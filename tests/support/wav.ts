/** What the head of a plain WAV file says. */
export interface WavHead {
  /** @defaultValue 8000 */
  readonly rateHz?: number
  /** @defaultValue 1 */
  readonly channels?: number
  /** Said to follow. */
  readonly dataBytes: number
  /** Said to follow the first eight bytes. @defaultValue what fits the data */
  readonly riffBytes?: number
}

/** The 44 bytes before the samples of a WAV file of 16 bits, written without any code of ours. */
export function wavHead({ rateHz = 8000, channels = 1, dataBytes, riffBytes = 36 + dataBytes }: WavHead): Buffer {
  const head = Buffer.alloc(44)
  head.write('RIFF')
  head.writeUInt32LE(riffBytes, 4)
  head.write('WAVEfmt ', 8)
  head.writeUInt32LE(16, 16)
  head.writeUInt16LE(1, 20)
  head.writeUInt16LE(channels, 22)
  head.writeUInt32LE(rateHz, 24)
  head.writeUInt32LE(rateHz * channels * 2, 28)
  head.writeUInt16LE(channels * 2, 32)
  head.writeUInt16LE(16, 34)
  head.write('data', 36)
  head.writeUInt32LE(dataBytes, 40)
  return head
}

/** A WAV file of one channel. @param rateHz - 8000 unless told */
export function wavOf(samples: Int16Array, rateHz?: number): Buffer {
  const { buffer, byteOffset, byteLength } = samples
  const head = wavHead({ dataBytes: byteLength, ...(rateHz !== undefined && { rateHz }) })
  return Buffer.concat([head, Buffer.from(buffer, byteOffset, byteLength)])
}
