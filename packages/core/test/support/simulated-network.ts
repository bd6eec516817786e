import { RunTimeline, type TimeStep } from '../../src/time/run-timeline.js'
import { ManualClock } from './manual-clock.js'

export const RATE_HZ = 44_100
const FRAME_SAMPLES = 1152

/** A station, the way from it and the clock that watches. */
export interface Network {
  /** Length of the simulation, in seconds since the connection. */
  readonly seconds: number
  /** How fast the station's clock runs, in parts per million. */
  readonly driftPpm?: number
  /** Audio from before the connection that is sent on connect, in milliseconds. */
  readonly burstMs?: number
  /** How much faster than it plays the burst comes in. Default 1000. */
  readonly burstSpeed?: number
  /** How often the receiver looks, in milliseconds. Default: at each frame. */
  readonly tickMs?: number
  /** How long audio that was made at `madeMs` is on its way, in milliseconds. A sample never overtakes an earlier one. */
  readonly delayMs?: (madeMs: number) => number
  /** Audio that the station loses, as `[from, to)` in milliseconds since the connection. */
  readonly lost?: readonly [number, number]
  /** Changes the wall clock as time goes by. */
  readonly wall?: (clock: ManualClock) => void
  /** Told after each look of the receiver. */
  readonly look?: (state: Look) => void
}

/** What is true and what the timeline says. */
export interface Look {
  readonly clock: ManualClock
  readonly timeline: RunTimeline
  /** Samples so far. */
  readonly samples: number
  /** Wall clock at which the last of them was made. */
  readonly madeAt: number
  /** What the timeline says less what is true, for that sample, in milliseconds. */
  readonly errorMs: number
  /** What it said before this look about the same sample. */
  readonly saidBefore: number
}

/** Lets a station play and a timeline watch it; everything known, nothing waited for. */
export function simulate(network: Network): { timeline: RunTimeline; steps: TimeStep[]; looks: number } {
  const { burstMs = 0, burstSpeed = 1000, tickMs = 0, delayMs = () => 0, lost } = network
  const clock = new ManualClock()
  clock.monotonic = 5_000.25
  const connectedMs = clock.monotonic
  const msPerSample = 1000 / (RATE_HZ * (1 + (network.driftPpm ?? 0) * 1e-6))
  const steps: TimeStep[] = []
  const timeline = new RunTimeline({ clock, sampleRateHz: RATE_HZ, pace: 'live', onStep: (step) => steps.push(step) })
  let looks = 0
  let samples = 0
  let lastMs = connectedMs
  let lastMadeMs = 0
  let lostMs = 0
  const look = () => {
    network.wall?.(clock)
    const saidBefore = timeline.at(samples)
    timeline.observe(clock.monotonic, samples)
    looks++
    const madeAt = clock.offset + lastMadeMs
    const errorMs = timeline.at(samples) - madeAt
    network.look?.({ clock, timeline, samples, madeAt, errorMs, saidBefore })
  }
  for (;;) {
    let madeMs = connectedMs - burstMs + (samples + FRAME_SAMPLES) * msPerSample + lostMs
    if (lost && lostMs === 0 && madeMs - connectedMs >= lost[0]) {
      lostMs = lost[1] - lost[0]
      madeMs += lostMs
    }
    if (madeMs - connectedMs > network.seconds * 1000) break
    const sentMs = Math.max(madeMs, connectedMs + (madeMs - connectedMs + burstMs) / burstSpeed)
    const arrivedMs = Math.max(lastMs, sentMs + delayMs(madeMs - connectedMs))
    const seenMs = tickMs > 0 ? Math.ceil(arrivedMs / tickMs) * tickMs : arrivedMs
    // The receiver takes all that is there at a tick as one chunk.
    if (seenMs > clock.monotonic && samples > 0) look()
    clock.monotonic = seenMs
    lastMs = arrivedMs
    samples += FRAME_SAMPLES
    lastMadeMs = madeMs
  }
  look()
  return { timeline, steps, looks }
}
