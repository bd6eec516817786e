/** How a test signal sounds. */
export type SignalKind = 'music' | 'silence' | 'noise' | 'square' | 'wasted'

/** Interleaved little-endian PCM with `bits` of audio in whole bytes, the same on every run. */
export function makePcm(kind: SignalKind, frames: number, channels: number, bits: number, rate = 44100): Uint8Array {
  const bytes = Math.ceil(bits / 8)
  const pcm = new Uint8Array(frames * channels * bytes)
  const full = 2 ** (bits - 1) - 1
  let seed = 12345
  const random = () => {
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 0
    return seed / 2 ** 31 - 1
  }
  for (let frame = 0; frame < frames; frame++) {
    const t = frame / rate
    for (let channel = 0; channel < channels; channel++) {
      let value: number
      if (kind === 'silence') value = 0
      else if (kind === 'noise') value = random()
      else if (kind === 'square') value = (Math.floor(frame / 100) + channel) % 2 === 0 ? 1 : -1.0000001
      else {
        const vibrato = 3 * Math.sin(2 * Math.PI * 0.7 * t)
        const chord = [220, 277.2, 440, 1318.5].map((hz) =>
          Math.sin(2 * Math.PI * hz * (1 + channel * 0.01) * t + vibrato),
        )
        value = 0.12 * chord.reduce((sum, one) => sum + one) * (0.6 + 0.4 * Math.sin(8 * t)) + 0.02 * random()
      }
      let sample = Math.max(-full - 1, Math.min(full, Math.round(value * full)))
      if (kind === 'wasted') sample = Math.floor(sample / 64) * 64
      let rest = sample
      for (let byte = 0; byte < bytes; byte++) {
        pcm[(frame * channels + channel) * bytes + byte] = rest & 0xff
        rest = Math.floor(rest / 256)
      }
    }
  }
  return pcm
}
