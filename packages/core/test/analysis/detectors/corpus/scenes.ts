import type { EventKind } from './events.js'
import type { NoiseColour } from './noise.js'
import type { NuisanceKind } from './nuisances.js'

/** Disturbances of one kind: how often, and how far over the background their loudest tenth of a second lies. */
interface Disturbance {
  readonly kind: NuisanceKind
  readonly perMinute: number
  readonly overDb: readonly [number, number]
}

/** A place that is recorded. */
export interface Scene {
  readonly name: string
  /** What it sounds like when nothing happens. */
  readonly colour: NoiseColour
  /** Level of the background in dBFS at parts of the scene from 0 to 1. */
  readonly backgroundDb: (part: number) => number
  /** How the background wanders: standard deviation in dB, and for how many seconds it remembers. */
  readonly wander: readonly [spreadDb: number, seconds: number]
  /** What happens. */
  readonly events: readonly EventKind[]
  /** What disturbs. */
  readonly disturbances: readonly Disturbance[]
}

/** Clicks as bad cables make them: thousands a day. */
const pops: Disturbance = { kind: 'pop', perMinute: 2, overDb: [15, 45] }
const everyday = ['speech', 'barks', 'knocks', 'horn'] as const
const steady = (db: number) => () => db

type Optional = 'events' | 'disturbances'
type Sketch = Omit<Scene, Optional> & Partial<Pick<Scene, Optional>>

const sketches: readonly Sketch[] = [
  { name: 'quiet room', colour: 'pink', backgroundDb: steady(-66), wander: [0.5, 60] },
  { name: 'garden at night', colour: 'pink', backgroundDb: steady(-56), wander: [1, 60] },
  {
    name: 'garden by day, far cars',
    colour: 'pink',
    backgroundDb: steady(-46),
    wander: [1.5, 30],
    disturbances: [pops, { kind: 'far-car', perMinute: 1.5, overDb: [6, 20] }],
  },
  {
    name: 'rain comes and goes',
    colour: 'pink',
    backgroundDb: (part) => -52 + 22 * Math.sin(Math.PI * part) ** 2,
    wander: [0.7, 10],
    disturbances: [pops, { kind: 'drops', perMinute: 120, overDb: [6, 20] }],
  },
  {
    name: 'wind in gusts',
    colour: 'rumble',
    backgroundDb: steady(-44),
    wander: [1.5, 5],
    disturbances: [pops, { kind: 'gust', perMinute: 2, overDb: [6, 26] }],
  },
  {
    name: 'street, near and loud',
    colour: 'road',
    backgroundDb: steady(-36),
    wander: [2, 10],
    disturbances: [pops, { kind: 'far-car', perMinute: 3, overDb: [4, 16] }],
  },
  {
    name: 'cellar, a pump hums',
    colour: 'pink',
    backgroundDb: steady(-50),
    wander: [0.5, 60],
    disturbances: [pops, { kind: 'pump', perMinute: 0.5, overDb: [3, 9] }],
  },
  {
    name: 'thunderstorm far away',
    colour: 'pink',
    backgroundDb: (part) => -50 + 10 * part,
    wander: [1, 10],
    events: [...everyday, 'thunder', 'thunder', 'thunder', 'thunder'],
    disturbances: [pops, { kind: 'gust', perMinute: 1, overDb: [6, 16] }],
  },
]

/** Eight places. */
export const scenes: readonly Scene[] = sketches.map((sketch) => ({
  events: everyday,
  disturbances: [pops],
  ...sketch,
}))
