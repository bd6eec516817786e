import { random as randomNumbers } from '../../../support/random.js'
import { makeEvent, type EventKind } from './events.js'
import { noise } from './noise.js'
import { makeNuisance } from './nuisances.js'
import type { Scene } from './scenes.js'
import { between, oneOf, swell, wandering, RATE_HZ, WINDOW_SAMPLES, type Random } from './sound.js'

/** Something that happened in a file. */
export interface TrueEvent {
  readonly kind: EventKind
  /** Within the file, in windows of levels: from its first sample to its last. */
  readonly startWindow: number
  readonly endWindow: number
  /** Its own energy in each of these windows. */
  readonly energy: readonly number[]
  /** A split went through it: the rest is in the file before or after. */
  readonly cut: boolean
}

/** A file of the corpus: levels, and what is to be found. */
export interface CorpusFile {
  readonly rms: Float32Array
  readonly events: readonly TrueEvent[]
}

/** How a scene is made. */
export interface RenderOptions {
  readonly seed: number
  readonly seconds: number
  /** A new file about this often; the splits lie in the midst of events. */
  readonly fileSeconds: number
  /** How far over the background the loudest tenth of a second of an event lies, in dB. */
  readonly overDb: readonly [number, number]
}

interface Placed {
  readonly kind: EventKind
  readonly start: number
  readonly samples: Float32Array
}

/** Events in a quiet place are as loud as over a background of this level. */
const QUIETEST_BACKGROUND_DB = -54
/** From the end of one event to the next: at least, and on average beyond that. */
const REST_SECONDS = [4, 12] as const
/** An event begins and ends where it comes within 20 dB of its loudest window. */
const AUDIBLE = 0.01
/** What a split leaves of an event is one only when it lasts half a second. */
const SHORTEST_WINDOWS = 5

/** The recordings of a scene. The same options give the same levels. */
export function render(scene: Scene, { seed, seconds, fileSeconds, overDb }: RenderOptions): CorpusFile[] {
  const random = randomNumbers(seed)
  const audio = background(scene, seconds, random)
  const backgroundDb = (start: number) => scene.backgroundDb(start / audio.length)
  for (const { kind, perMinute, overDb: span } of scene.disturbances) {
    for (let at = rest(random, perMinute); at < seconds; at += rest(random, perMinute)) {
      const start = Math.round(at * RATE_HZ)
      mix(audio, makeNuisance(kind, random), start, backgroundDb(start) + between(random, ...span))
    }
  }
  const placed: Placed[] = []
  const [least, mean] = REST_SECONDS
  for (let at = rest(random, 60 / mean); at < seconds - 20;) {
    const kind = oneOf(random, scene.events)
    const start = Math.round(at * RATE_HZ)
    const level = Math.max(QUIETEST_BACKGROUND_DB, backgroundDb(start)) + between(random, ...overDb)
    const samples = mix(audio, makeEvent(kind, random), start, level)
    placed.push({ kind, start, samples })
    at += samples.length / RATE_HZ + least + rest(random, 60 / mean)
  }
  const cuts = cutsWithin(placed, fileSeconds, random)
  return [0, ...cuts].map((from, index) => fileOf(audio, placed, from, cuts[index] ?? audio.length))
}

function background(scene: Scene, seconds: number, random: Random): Float32Array {
  const levels = wandering(seconds * 10 + 1, ...scene.wander, random)
  const drifting = levels.map((level, tenth) => level + scene.backgroundDb(tenth / (seconds * 10)))
  return swell(noise(scene.colour, seconds, random), drifting)
}

/** Seconds to the next of `perMinute` that come at random. */
function rest(random: Random, perMinute: number): number {
  return (-Math.log(1 - random()) * 60) / perMinute
}

/** Adds a sound at a level. @returns what was added */
function mix(audio: Float32Array, samples: Float32Array, start: number, levelDb: number): Float32Array {
  const gain = 10 ** (levelDb / 20)
  const added = samples.subarray(0, audio.length - start).map((sample) => sample * gain)
  for (let index = 0; index < added.length; index++) audio[start + index] += added[index]
  return added
}

/** Each split lies within the first event after its time, at a tenth to nine tenths of it. */
function cutsWithin(placed: readonly Placed[], fileSeconds: number, random: Random): number[] {
  const cuts: number[] = []
  for (const { start, samples } of placed) {
    if (start < (cuts.length + 1) * fileSeconds * RATE_HZ) continue
    cuts.push(start + Math.round(between(random, 0.1, 0.9) * samples.length))
  }
  return cuts
}

function fileOf(audio: Float32Array, placed: readonly Placed[], from: number, to: number): CorpusFile {
  const events = placed.flatMap(({ kind, start, samples }) => {
    const [first, end] = [Math.max(start, from), Math.min(start + samples.length, to)]
    if (end <= first) return []
    const firstWindow = Math.floor((first - from) / WINDOW_SAMPLES)
    const own = new Float32Array(end - from - firstWindow * WINDOW_SAMPLES)
    own.set(samples.subarray(first - start, end - start), first - from - firstWindow * WINDOW_SAMPLES)
    const power = levelsOf(own).map((rms) => rms * rms)
    const audible = Math.max(...power) * AUDIBLE
    const begin = power.findIndex((value) => value >= audible)
    const energy = [...power.subarray(begin, power.findLastIndex((value) => value >= audible) + 1)]
    const startWindow = firstWindow + begin
    if (energy.length < SHORTEST_WINDOWS) return []
    return [
      {
        kind,
        startWindow,
        endWindow: startWindow + energy.length,
        energy,
        cut: start < from || start + samples.length > to,
      },
    ]
  })
  return { rms: levelsOf(audio.subarray(from, to)), events }
}

/** RMS of each window; the last may be short. */
function levelsOf(samples: Float32Array): Float32Array {
  return Float32Array.from({ length: Math.ceil(samples.length / WINDOW_SAMPLES) }, (_, window) => {
    const part = samples.subarray(window * WINDOW_SAMPLES, (window + 1) * WINDOW_SAMPLES)
    return Math.sqrt(part.reduce((sum, sample) => sum + sample * sample, 0) / part.length)
  })
}
