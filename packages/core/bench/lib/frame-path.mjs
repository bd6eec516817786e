// Real recorders in a process of its own, fed by hand with the bytes of a second at a time, in simulated time: what it costs from the bytes
// that a socket gave to those that a volume takes, without any socket. In turn with it the floor: the same bytes copied and hashed.
// Argument: JSON. Tells CPU seconds (all threads) of an hour of one stream.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { SimulatedClock } from './simulated-clock.mjs'

const options = JSON.parse(process.argv[2])
const { path, contentType, count, folder, storage, warmUpSeconds, windows, windowSeconds } = options
const { AtClock, FileStorage, openLedger, Recorder, Source } = await import(process.env.ISR_BENCH_CORE ?? '@isr/core')

const loop = readFileSync(path)
const bytesPerSecond = Math.round(loop.length / options.loopSeconds)
const clock = new SimulatedClock(Date.UTC(2026, 0, 1, 0, 0, 30))

/** A live connection that gives what it is told to. */
class FedSource extends Source {
  #waiting
  #memory = new Uint8Array(0)
  #used = 0
  at = 0

  connect() {
    const next = () => new Promise((resolve) => (this.#waiting = resolve))
    const [Iterator, Dispose] = [Symbol.asyncIterator, Symbol.asyncDispose]
    const connection = { contentType, pace: 'live', [Iterator]: () => ({ next }), [Dispose]: () => Promise.resolve() }
    return Promise.resolve(connection)
  }

  /** The next bytes of the loop, in memory of their own, as a read of a socket leaves them: one read right behind the other. */
  feed(length) {
    if (this.#used + length > this.#memory.length) {
      this.#memory = new Uint8Array(Buffer.allocUnsafeSlow(4 * bytesPerSecond).buffer)
      this.#used = 0
    }
    const bytes = this.#memory.subarray(this.#used, this.#used + length)
    this.#used += length
    for (let done = 0; done < length;) {
      const part = loop.subarray(this.at, this.at + length - done)
      bytes.set(part, done)
      done += part.length
      this.at = (this.at + part.length) % loop.length
    }
    this.#waiting({ done: false, value: { bytes, arrivedAtMs: clock.monotonicMs() } })
  }
}

const kept = storage === 'nowhere' ? nowhere() : new FileStorage({ directory: folder, clock, syncSeconds: 0 })
const ledger = openLedger({ directory: folder })
const faults = []
const sources = Array.from({ length: count }, (_, index) => new FedSource(`s${index}`))
const recorders = sources.map((source, index) => {
  const splitter = new AtClock({ everyMinutes: 60, timeZone: 'UTC' })
  const filenamePattern = `${source.name}_%Y%m%d_%H%M%S`
  const recorder = new Recorder({ source, storage: kept, ledger, clock, splitter, filenamePattern })
  for (const event of ['gap', 'discard', 'error', 'retry', 'durability'])
    recorder.on(event, (what) => faults.push(`${event} ${JSON.stringify(what)}`))
  // stations are not in step; a container begins with its headers
  if (contentType !== 'application/ogg') source.at = Math.floor((loop.length * index) / count)
  recorder.start()
  return recorder
})
for (let turn = 0; turn < 10; turn++) await clock.turn()

/** One second of all streams, read in one wake-up. */
async function second() {
  for (const source of sources) source.feed(bytesPerSecond)
  await clock.advance(1000)
  if (storage !== 'nowhere') await sleep(2)
}

const hashes = sources.map(() => createHash('sha256'))
let copied
function floorSecond(at) {
  for (const [index, source] of sources.entries()) {
    const from = (source.at + at * bytesPerSecond) % (loop.length - bytesPerSecond)
    copied = Buffer.allocUnsafeSlow(bytesPerSecond)
    copied.set(loop.subarray(from, from + bytesPerSecond))
    hashes[index].update(copied)
  }
}

/** Bursts are over, files are open, all is compiled. */
for (let done = 0; done < warmUpSeconds; done++) await second()
faults.length = 0
const ours = []
const floor = []
for (let window = 0; window < windows; window++) {
  ours.push(await cost(second))
  floor.push(await cost((at) => Promise.resolve(floorSecond(at))))
}
const leastSeconds = Math.min(...recorders.map(({ status }) => status.recordedSeconds))
const expected = warmUpSeconds + windows * windowSeconds - 3
if (leastSeconds < expected) faults.push(`a recorder has only ${leastSeconds} s of ${expected}`)
const rssMb = process.memoryUsage().rss / 2 ** 20
console.log(JSON.stringify({ ours: median(ours), floor: median(floor), rssMb, faults: faults.slice(0, 3) }))
process.exit(0)

async function cost(work) {
  const before = process.cpuUsage()
  for (let at = 0; at < windowSeconds; at++) await work(at)
  const { user, system } = process.cpuUsage(before)
  return ((user + system) / 1e6 / windowSeconds / count) * 3600
}

function median(values) {
  return values.sort((a, b) => a - b)[values.length >> 1]
}

/** A storage that keeps nothing. */
function nowhere() {
  const writer = { append: () => {}, unsyncedBytes: 0, failed: new Promise(() => {}), commit: () => Promise.resolve() }
  return { location: 'nowhere', create: (name) => Promise.resolve({ name, ...writer }) }
}
