import { noise } from './noise.js'
import { between, normalized, sound, swell, wandering, RATE_HZ, type Random } from './sound.js'
import { speech } from './speech.js'

/** What a listener wants to be led to. */
export type EventKind = 'speech' | 'barks' | 'knocks' | 'horn' | 'thunder'

const makers: Record<EventKind, (random: Random) => Float32Array> = { speech, barks, knocks, horn, thunder }

/** One event; its loudest tenth of a second has an RMS of 1. */
export function makeEvent(kind: EventKind, random: Random): Float32Array {
  return normalized(makers[kind](random))
}

/** Two to eight barks of 0.12 to 0.3 s: a harmonic tone that falls, rough, with a hard start. */
function barks(random: Random): Float32Array {
  const count = Math.floor(between(random, 2, 9))
  const pitchHz = between(random, 250, 700)
  return inRow(count, random, [0.15, 0.9], () => {
    const seconds = between(random, 0.12, 0.3)
    return sound(seconds, (at) => {
      const phase = 2 * Math.PI * pitchHz * at * (1 - (0.3 * at) / seconds)
      const tone = Math.sin(phase) + 0.6 * Math.sin(2 * phase) + 0.4 * Math.sin(3 * phase)
      return (tone + random() - 0.5) * Math.min(1, at / 0.01) * Math.sin((Math.PI * (at + seconds)) / (2 * seconds))
    })
  })
}

/** Three to five knocks on a door. */
function knocks(random: Random): Float32Array {
  const count = Math.floor(between(random, 3, 6))
  return inRow(count, random, [0.15, 0.4], () =>
    sound(0.12, (at) => (Math.sin(2 * Math.PI * 180 * at) + random() - 0.5) * Math.exp(-at / 0.025)),
  )
}

/** A car horn of two tones. */
function horn(random: Random): Float32Array {
  const seconds = between(random, 0.6, 1.8)
  return sound(seconds, (at) => {
    const edge = Math.min(1, at / 0.03, (seconds - at) / 0.05)
    return edge * (Math.sin(2 * Math.PI * 420 * at) + Math.sin(2 * Math.PI * 510 * at))
  })
}

/** Distant thunder: it comes within 0.2 to 0.7 s, then rolls and fades for 4 to 9 s. */
function thunder(random: Random): Float32Array {
  const [attack, seconds] = [between(random, 0.2, 0.7), between(random, 4, 9)]
  const rolling = wandering(Math.ceil(seconds * 10) + 1, 4, 0.4, random)
  const levels = rolling.map((level, tenth) => {
    const at = tenth / 10
    return level + (at < attack ? -30 * (1 - at / attack) : (-30 * (at - attack)) / (seconds - attack))
  })
  return swell(noise('rumble', seconds, random), levels)
}

/** Sounds with pauses of `pause` seconds between them. */
function inRow(count: number, random: Random, pause: readonly [number, number], make: () => Float32Array) {
  const parts: Float32Array[] = []
  for (let index = 0; index < count; index++) {
    if (index > 0) parts.push(new Float32Array(Math.round(between(random, ...pause) * RATE_HZ)))
    parts.push(make())
  }
  const samples = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    samples.set(part, at)
    at += part.length
  }
  return samples
}
