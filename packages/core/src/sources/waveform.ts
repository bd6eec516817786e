/** Makes endless s16 audio; deterministic, whatever the block sizes. */
interface Waveform {
  /** The next `frames` frames: interleaved, little-endian. */
  next(frames: number): Uint8Array
}

/** A running 16-bit counter of interleaved samples: any lost, doubled or changed sample shows. */
export class RampWaveform implements Waveform {
  readonly #channels: number
  #sample = 0

  constructor(channels: number) {
    this.#channels = channels
  }

  next(frames: number): Uint8Array {
    const view = new DataView(new ArrayBuffer(2 * frames * this.#channels))
    for (let at = 0; at < view.byteLength; at += 2) {
      view.setUint16(at, this.#sample, true)
      this.#sample = (this.#sample + 1) & 0xffff
    }
    return new Uint8Array(view.buffer)
  }
}

type EventKind = 'chirp' | 'burst' | 'knocks' | 'chord'
const EVENT_KINDS: readonly EventKind[] = ['chirp', 'burst', 'knocks', 'chord']

interface LoudEvent {
  readonly kind: EventKind
  readonly startFrame: number
  readonly frames: number
}

/** Peak of the noise floor: about -60 dBFS. */
const NOISE_PEAK = 36
/** Sharp enough to stand out, soft enough not to click. */
const FADE_SECONDS = 0.01

/**
 * The demo: quiet noise, and about every 20 s a loud event of 1 to 3 s (chirp, burst, knocks, chord),
 * the first within 5 s.
 */
export class DemoWaveform implements Waveform {
  readonly #rateHz: number
  readonly #channels: number
  readonly #choice: () => number
  readonly #noise: () => number
  #event: LoudEvent
  #events = 0
  #frame = 0

  constructor(sampleRateHz: number, channels: number, seed: number) {
    this.#rateHz = sampleRateHz
    this.#channels = channels
    this.#choice = randomSource(seed)
    this.#noise = randomSource(seed ^ 0x5eed)
    this.#event = this.#plan(2 + 2 * this.#choice())
  }

  next(frames: number): Uint8Array {
    const view = new DataView(new ArrayBuffer(2 * frames * this.#channels))
    let at = 0
    for (let index = 0; index < frames; index++, this.#frame++) {
      const event = this.#event
      const inside = this.#frame - event.startFrame
      const loud = inside < 0 ? 0 : this.#loud(event, inside) * 32_767
      for (let channel = 0; channel < this.#channels; channel++, at += 2) {
        view.setInt16(at, Math.round(loud * pan(this.#events, channel) + (2 * this.#noise() - 1) * NOISE_PEAK), true)
      }
      if (inside >= event.frames) this.#event = this.#plan(event.startFrame / this.#rateHz + 18 + 4 * this.#choice())
    }
    return new Uint8Array(view.buffer)
  }

  #plan(startSeconds: number): LoudEvent {
    const kind = EVENT_KINDS[this.#events++ % EVENT_KINDS.length]
    const frames = Math.round((1 + 2 * this.#choice()) * this.#rateHz)
    return { kind, startFrame: Math.round(startSeconds * this.#rateHz), frames }
  }

  #loud(event: LoudEvent, insideFrames: number): number {
    const seconds = insideFrames / this.#rateHz
    const length = event.frames / this.#rateHz
    const fade = Math.max(0, Math.min(1, seconds / FADE_SECONDS, (length - seconds) / FADE_SECONDS))
    return fade * this.#voice(event.kind, seconds, length)
  }

  /** At most 0.85 in size, so that the noise on top never clips. */
  #voice(kind: EventKind, seconds: number, length: number): number {
    switch (kind) {
      case 'chirp':
        return 0.5 * sine(300 * seconds + (850 * seconds * seconds) / length)
      case 'burst':
        return 0.8 * (2 * this.#noise() - 1) * Math.exp((-2 * seconds) / length)
      case 'knocks': {
        const sinceKnock = seconds % 0.35
        return 0.85 * sine(180 * sinceKnock) * Math.exp(-16 * sinceKnock)
      }
      case 'chord':
        return 0.25 * (sine(440 * seconds) + sine(554.37 * seconds) + sine(659.26 * seconds))
    }
  }
}

function sine(cycles: number): number {
  return Math.sin(2 * Math.PI * cycles)
}

/** Events wander between the channels, so that stereo shows. */
function pan(event: number, channel: number): number {
  return (event + channel) % 2 === 0 ? 1 : 0.6
}

/** Mulberry32: small, fast, the same everywhere; 0 <= x < 1. */
function randomSource(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
