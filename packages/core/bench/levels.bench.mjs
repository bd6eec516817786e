// What levels cost, in CPU seconds for an hour of 44.1 kHz stereo: of a WAV file that is finished, beside Python's wave and numpy (the
// fastest form that was found, RMS alone); and of one that is being recorded: what a recorder takes with levels, file of levels and
// readings, less what it takes without.
import { closeSync, openSync, readSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import { LevelMeter, PyramidFollower, Recorder, Source } from '@isr/core'
import { commandCpuSeconds, cpuSeconds } from './lib/cpu.mjs'
import { fixture } from './lib/fixtures.mjs'
import { WAVE_NUMPY } from './lib/python.mjs'
import { printTable } from './lib/table.mjs'

const SECONDS = 1800
const PER_HOUR = 3600 / SECONDS
const HEADER_BYTES = 78
const RATE_HZ = 44_100

const path = fixture('wav', SECONDS)
let windows = 0
const ours = await cpuSeconds(() => (windows = measure(path)), { runs: 7 })
if (windows !== SECONDS * 10) throw new Error(`${windows} windows`)
const peer = await commandCpuSeconds('python3', ['-c', WAVE_NUMPY, path, SECONDS * 10], { runs: 5 })
printTable('Levels of a WAV hour: CPU seconds; peer: python3 wave + numpy', [
  { work: 'RMS and peak of 100 ms', ours: ours * PER_HOUR, peer: peer * PER_HOUR, bar: 0.35 },
])

const chunk = new Int16Array((RATE_HZ / 10) * 2)
for (let index = 0; index < chunk.length; index++) chunk[index] = 9000 * Math.sin(index / 50) + 300 * Math.random()
const bytes = new Uint8Array(chunk.buffer)

class Tape extends Source {
  get finite() {
    return true
  }

  connect() {
    const pcm = { sampleRateHz: RATE_HZ, channels: 2, sampleFormat: 's16' }
    async function* play() {
      for (let part = 0; part < SECONDS * 10; part++) {
        if (part % 10 === 0) await setImmediate()
        yield { bytes }
      }
    }
    return Promise.resolve({
      contentType: '',
      pcm,
      pace: 'unpaced',
      [Symbol.asyncIterator]: play,
      [Symbol.asyncDispose]: () => Promise.resolve(),
    })
  }
}

/** A storage that keeps nothing: what it would cost is the same on both sides. */
const nowhere = {
  location: 'nowhere',
  create: (name) =>
    Promise.resolve({
      name,
      append: () => {},
      unsyncedBytes: 0,
      failed: new Promise(() => {}),
      commit: () => Promise.resolve(),
    }),
}

let levelBytes = 0
let readings = 0
const follower = new PyramidFollower(() => ({
  append: (part) => void (levelBytes += part.length),
  end: () => Promise.resolve(),
}))
const without = await cpuSeconds(() => record({}, false), { runs: 7, warmUps: 2 })
const withLevels = await cpuSeconds(() => record({ levels: { followers: [follower] } }, true), { runs: 7, warmUps: 2 })
if (levelBytes < SECONDS * 92 || readings === 0) throw new Error('nothing was measured')
printTable('Levels while an hour is recorded: CPU seconds; peer: one CPU second', [
  { work: 'levels, file of levels, readings', ours: (withLevels - without) * PER_HOUR, peer: 1, bar: 0.3 },
])

/** @returns how many windows the file has */
function measure(file) {
  const meter = new LevelMeter({ sampleRateHz: RATE_HZ, channels: 2, sampleFormat: 's16' })
  const handle = openSync(file, 'r')
  let count = 0
  for (let at = HEADER_BYTES; ;) {
    const { bytes: read, block } = meter.pushFrom((room) => readSync(handle, room, 0, room.length, at))
    if (read === 0) break
    at += read
    count += block.rms.length / 2
  }
  closeSync(handle)
  return count + meter.finish().rms.length / 2
}

async function record(options, isHeard) {
  const recorder = new Recorder({ source: new Tape('tape'), storage: nowhere, ...options })
  if (isHeard) recorder.on('level', () => readings++)
  recorder.start()
  const { state, error } = await recorder.finished
  if (state !== 'stopped') throw error
}
