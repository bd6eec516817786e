import { beforeEach, describe, expect, it } from 'vitest'
import { UniformSpan } from '../../../../src/formats/frame-span.js'
import { HeaderCapture } from '../../../../src/formats/header-capture.js'
import { SourceLog, type LoggedFile } from '../../../../src/recorder/run/log/source-log.js'
import { FakeClock, settle } from '../../../../src/testing/fake-clock.js'

const info = { codec: 'pcm', sampleRateHz: 100, channels: 1, bitrateBps: 0 } as const
const header = new HeaderCapture({ format: 'wav', extension: 'wav', info })
/** 1000 bytes a second. */
const audio = (seconds: number) => new UniformSpan(header, new Uint8Array(1000 * seconds), 10, 1)

let clock: FakeClock
let log: SourceLog
let lost: number
/** What of the file is in memory. */
let waiting: UniformSpan[]
let behindBytes: number

function takes(seconds: number): void {
  const span = audio(seconds)
  waiting.push(span)
  log.take(span)
}

function writes(): void {
  for (const span of waiting.splice(0)) log.give(span)
  behindBytes = 0
}

beforeEach(() => {
  clock = new FakeClock()
  lost = 0
  waiting = []
  behindBytes = 0
  log = new SourceLog({ clock, bufferSeconds: 60, syncSeconds: 1, onLag: () => {} })
  const file: LoggedFile = {
    settle: () => {},
    oldestAtMs: 0,
    get behindBytes() {
      return behindBytes
    },
    overflow() {
      const span = waiting.shift()
      if (!span) return
      lost += span.durationSeconds
      log.give(span)
    },
    isWaiting: false,
    tryAgain: () => {},
    giveUp: () => false,
  }
  log.open(file)
  log.connected(true)
})

describe('SourceLog', () => {
  it('gives up the oldest audio of a live source beyond its bound, and makes nobody wait', async () => {
    for (let second = 0; second < 100; second++) {
      takes(1)
      expect(log.room(new AbortController().signal)).toBeUndefined()
      await clock.advance(1000)
    }
    expect(lost).toBe(40)
  })

  it('loses nothing of a live source that comes faster than it plays: it waits for the volume', async () => {
    for (let part = 0; part < 100; part++) takes(50)
    expect(lost).toBe(0)
    behindBytes = 5_000_000
    let hasRoom = false
    void log.room(new AbortController().signal)?.then(() => (hasRoom = true))
    await clock.advance(1000)
    expect(hasRoom).toBe(false)
    writes()
    await clock.advance(10)
    expect(hasRoom).toBe(true)
    expect(log.room(new AbortController().signal)).toBeUndefined()
    expect(log.waitedSeconds).toBeGreaterThan(0.9)
  })

  it('bounds it again as soon as time has caught up with it', async () => {
    for (let part = 0; part < 10; part++) takes(50)
    await clock.advance(480_000)
    takes(1)
    expect(lost).toBe(450)
  })

  it('lets a live connection wait for what one before it left behind', async () => {
    for (let part = 0; part < 10; part++) takes(50)
    log.connected(true)
    takes(1)
    expect(lost).toBe(0)
    let hasRoom = false
    void log.room(new AbortController().signal)?.then(() => (hasRoom = true))
    await settle()
    expect(hasRoom).toBe(false)
    writes()
    await clock.advance(10)
    expect(hasRoom).toBe(true)
    await clock.advance(100_000)
    takes(61)
    expect(lost).toBe(61)
  })

  it('makes nobody wait who is told to stop', async () => {
    const stop = new AbortController()
    for (let part = 0; part < 100; part++) takes(1000)
    const room = log.room(stop.signal)
    expect(room).toBeDefined()
    stop.abort()
    await room
  })
})
