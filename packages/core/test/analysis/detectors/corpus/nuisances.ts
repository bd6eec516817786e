import { noise } from './noise.js'
import { between, normalized, sound, swell, wandering, type Random } from './sound.js'

/** What is loud, and nothing that a listener wants to be led to. */
export type NuisanceKind = 'gust' | 'far-car' | 'pop' | 'drops' | 'pump'

const makers: Record<NuisanceKind, (random: Random) => Float32Array> = {
  gust: (random) => normalized(gust(random)),
  'far-car': (random) => normalized(farCar(random)),
  pop: (random) => normalized(pop(random, 0.001, 0.1)),
  drops: (random) => normalized(pop(random, 0.003, 0.015)),
  pump: (random) => normalized(pump(random)),
}

/** One nuisance; its loudest tenth of a second has an RMS of 1. */
export function makeNuisance(kind: NuisanceKind, random: Random): Float32Array {
  return makers[kind](random)
}

/** Wind on the microphone: it rises and falls within 3 to 15 s, turbulent. */
function gust(random: Random): Float32Array {
  const seconds = between(random, 3, 15)
  const turbulence = wandering(Math.ceil(seconds * 10) + 1, 1.5, 0.7, random)
  const levels = turbulence.map((level, tenth) => level + decibels(Math.sin((Math.PI * tenth) / (10 * seconds)) ** 2))
  return swell(noise('rumble', seconds, random), levels)
}

/** A car passes far away: 6 to 20 s between the moments of half its loudness. */
function farCar(random: Random): Float32Array {
  const halfSeconds = between(random, 3, 10) / Math.sqrt(3)
  const seconds = 12 * halfSeconds
  const uneven = wandering(Math.ceil(seconds * 10) + 1, 0.7, 1, random)
  const levels = uneven.map((level, tenth) => {
    const distance = (tenth / 10 - seconds / 2) / halfSeconds
    return (
      level + decibels(1 / Math.sqrt(1 + distance * distance)) + decibels(Math.sin((Math.PI * tenth) / 10 / seconds))
    )
  })
  return swell(noise('road', seconds, random), levels)
}

/** A click of a cable, a crackle, a drop on the housing: noise that dies away at once. */
function pop(random: Random, least: number, most: number): Float32Array {
  const seconds = between(random, least, most)
  return sound(seconds, (at) => (random() * 2 - 1) * Math.exp((-3 * at) / seconds))
}

/** A pump hums for 20 to 60 s. */
function pump(random: Random): Float32Array {
  const seconds = between(random, 20, 60)
  return sound(seconds, (at) => {
    const tone = Math.sin(2 * Math.PI * 50 * at) + 0.5 * Math.sin(2 * Math.PI * 150 * at)
    return tone * Math.min(1, at / 0.3, (seconds - at) / 0.3)
  })
}

function decibels(ratio: number): number {
  return 20 * Math.log10(Math.max(ratio, 1e-4))
}
