/** Audio that waited in the kernel is late by up to a second; the time of the run must not be. */
import type { Socket } from 'node:net'

import { expect, it } from 'vitest'

import { DrainSchedule } from '../../../../src/sources/http/drain/drain-schedule.js'
import { SocketReader } from '../../../../src/sources/http/drain/socket-reader.js'
import { FakeClock } from '../../../../src/testing/index.js'
import { RunTimeline } from '../../../../src/time/run-timeline.js'

const BYTES_PER_MS = 16
/** So many streams that the tick is a second. */
const STREAMS = 60

/** A socket whose bytes arrive when a test says so. */
class KernelSocket {
  #waiting = 0
  #reading = true

  constructor(readonly reader: SocketReader) {
    reader.attach(this as unknown as Socket)
  }

  arrive(bytes: number): void {
    this.#waiting += bytes
    this.#read()
  }

  resume(): void {
    this.#reading = true
    setImmediate(() => this.#read())
  }

  #read(): void {
    if (!this.#reading || this.#waiting === 0) return
    const bytes = this.#waiting
    this.#waiting = 0
    this.#reading = this.reader.onread.callback(bytes)
  }
}

/** How late the timeline of a stream is after three minutes, and how often it was woken up for. */
async function lateness(segmentMs: number, phaseMs: number, jitterMs: number) {
  const clock = new FakeClock()
  for (let other = 0; other < STREAMS; other++) DrainSchedule.of(clock).join({ peer: '', drain: () => {} })
  const timeline = new RunTimeline({ clock, sampleRateHz: 1000, pace: 'live' })
  await clock.advance(phaseMs)
  const startedAt = clock.now()
  let total = 0
  let reads = 0
  const onBytes = (bytes: Uint8Array, arrivedAtMs: number) => {
    reads++
    total += bytes.length
    timeline.observe(arrivedAtMs, total / BYTES_PER_MS)
  }
  const reader = new SocketReader({ clock, secure: false, peer: 'station', onBytes })
  const socket = new KernelSocket(reader)
  reader.relax()
  let seed = 7
  for (let segment = 1; segment * segmentMs < 180_000; segment++) {
    seed = (seed * 48_271) % 2_147_483_647
    const dueMs = startedAt + segment * segmentMs + (jitterMs * seed) / 2_147_483_647
    await clock.advance(dueMs - clock.now())
    socket.arrive(Math.round(segmentMs * BYTES_PER_MS))
  }
  expect(timeline.steps).toBe(0)
  return { lateMs: timeline.at(0) - startedAt, reads }
}

it('segments of 87.5 ms: within 10 ms, and read once a second', async () => {
  for (const phaseMs of [0, 333]) {
    const { lateMs, reads } = await lateness(87.5, phaseMs, 0)
    expect(Math.abs(lateMs)).toBeLessThan(10)
    // the first five seconds are read segment by segment
    expect(reads).toBeLessThan(60 + 175 + 25)
  }
})

it('segments with jitter: as much as the least of it', async () => {
  const { lateMs } = await lateness(87.5, 120, 60)
  expect(lateMs).toBeGreaterThan(-1)
  expect(lateMs).toBeLessThan(25)
})

it('a page a second, in step with the tick at any distance: within 10 ms', async () => {
  for (const phaseMs of [0, 20, 250, 500, 980]) {
    expect(Math.abs((await lateness(1000, phaseMs, 0)).lateMs)).toBeLessThan(10)
  }
})
