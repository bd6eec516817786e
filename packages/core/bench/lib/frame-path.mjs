// Real recorders in a process of its own, on sockets that no kernel knows, in simulated time: what it costs from the bytes that a socket
// gave to those that a volume takes. In turn with it the floor: the same bytes copied and hashed.
// Argument: JSON. Tells CPU seconds (all threads) of an hour of one stream.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { answerWith, sockets } from './fake-sockets.mjs'
import { SimulatedClock } from './simulated-clock.mjs'

const options = JSON.parse(process.argv[2])
const { path, contentType, count, folder, storage, warmUpSeconds, windows, windowSeconds } = options
process.env.ISR_LOW_WATER = 'off' // speaks to the kernel
const { AtClock, FileStorage, HttpSource, openLedger, Recorder } = await import(
  process.env.ISR_BENCH_CORE ?? '@isr/core'
)

const loop = readFileSync(path)
const bytesPerSecond = Math.round(loop.length / options.loopSeconds)
const clock = new SimulatedClock(Date.UTC(2026, 0, 1, 0, 0, 30))
// stations are not in step; a container begins with its headers
const isContainer = contentType === 'application/ogg'
answerWith({ contentType, loop, startOf: (index) => (isContainer ? 0 : Math.floor((loop.length * index) / count)) })

const kept = storage === 'nowhere' ? nowhere() : new FileStorage({ directory: folder, clock, syncSeconds: 0 })
const ledger = openLedger({ directory: folder })
const faults = []
const recorders = Array.from({ length: count }, (_, index) => {
  const name = `s${index}`
  const source = new HttpSource({ name, url: 'http://127.0.0.1/', titles: false })
  const splitter = new AtClock({ everyMinutes: 60, timeZone: 'UTC' })
  const filenamePattern = `${name}_%Y%m%d_%H%M%S`
  const recorder = new Recorder({ source, storage: kept, ledger, clock, splitter, filenamePattern })
  // a disk is late by simulated time
  for (const event of ['gap', 'discard', 'error', 'retry', ...(storage === 'nowhere' ? ['durability'] : [])])
    recorder.on(event, (what) => faults.push(`${event} ${JSON.stringify(what)}`))
  recorder.start()
  return recorder
})
while (sockets.size < count) await clock.turn()

/** One second of all streams: it arrives, and is read at the tick. */
async function second() {
  for (const socket of sockets) socket.arrive(bytesPerSecond)
  await clock.advance(1000)
  for (const socket of sockets) socket.read()
  await clock.turn()
  if (storage !== 'nowhere') await sleep(2)
}

const hashes = recorders.map(() => createHash('sha256'))
let copied
function floorSecond(at) {
  for (const [index, hash] of hashes.entries()) {
    const from = ((index * 7 + at) * bytesPerSecond) % (loop.length - bytesPerSecond)
    copied = Buffer.allocUnsafeSlow(bytesPerSecond)
    copied.set(loop.subarray(from, from + bytesPerSecond))
    hash.update(copied)
  }
}

// then bursts are over, files are open, all is compiled
for (let done = 0; done < warmUpSeconds; done++) await second()
faults.splice(0, Infinity, ...faults.filter((fault) => !fault.startsWith('discard'))) // who joins midway meets half a frame
const ours = []
const floor = []
for (let window = 0; window < windows; window++) {
  ours.push(await cost(second))
  floor.push(await cost((at) => Promise.resolve(floorSecond(at))))
}
const leastSeconds = Math.min(...recorders.map(({ status }) => status.recordedSeconds))
const expected = warmUpSeconds + windows * windowSeconds - 5
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
