// What recording PCM as FLAC costs: ten minutes of 44.1 kHz stereo go through the whole recorder in chunks of 100 ms, ledger and hash
// included, into a folder. Peer: flac on the same file, a process of its own.
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Never, Recorder, Source } from '@isr/core'
import { commandCpuSeconds, cpuSeconds } from './lib/cpu.mjs'
import { fixture } from './lib/fixtures.mjs'
import { printTable } from './lib/table.mjs'

const SECONDS = 600
const PER_HOUR = 3600 / SECONDS
const MOST_CPU_SECONDS_PER_HOUR = 30
const MOST_SIZE = 1.02
const LEVELS = [0, 5, 8]
const DEFAULT_LEVEL = 5
const PCM = { sampleRateHz: 44_100, channels: 2, sampleFormat: 's16' }
const CHUNK_BYTES = 4410 * 4

const input = fixture('wav', SECONDS)
const wav = readFileSync(input)
const pcm = wav.subarray(wav.indexOf('data') + 8)
const folder = mkdtempSync(join(tmpdir(), 'isr-bench-flac-'))

/** PCM as a soundcard gives it, only without the waiting. Notes how long the recorder took for each chunk. */
class PcmSource extends Source {
  tookMs = []
  finite = true

  async connect() {
    const chunks = this.#chunks()
    return {
      contentType: '',
      pcm: PCM,
      pace: 'unpaced',
      [Symbol.asyncIterator]: () => chunks,
      [Symbol.asyncDispose]: async () => {},
    }
  }

  async *#chunks() {
    for (let at = 0; at < pcm.length; at += CHUNK_BYTES) {
      const began = performance.now()
      yield { bytes: pcm.subarray(at, at + CHUNK_BYTES) }
      this.tookMs.push(performance.now() - began)
    }
  }
}

try {
  const costs = []
  const perHour = []
  const sizes = []
  const pauses = []
  for (const level of LEVELS) {
    const name = `level ${level}`
    let source
    const settings = { pcmFormat: 'flac', flacLevel: level, filenamePattern: `ours${level}`, splitter: new Never() }
    const work = async () => {
      rmSync(join(folder, 'rec'), { recursive: true, force: true })
      source = new PcmSource(name)
      const recorder = new Recorder({ source, storage: join(folder, 'rec'), ...settings })
      recorder.start()
      const { error } = await recorder.finished
      if (error) throw error
    }
    const ours = (await cpuSeconds(work)) * PER_HOUR
    const output = join(folder, `peer${level}.flac`)
    const flac = ['-s', '-f', `-${level}`, '-o', output, input]
    const peer = (await commandCpuSeconds('flac', flac)) * PER_HOUR
    const oursBytes = statSync(join(folder, 'rec', `ours${level}.flac`)).size
    costs.push({ work: name, ours, peer })
    perHour.push({ work: name, ours, peer: MOST_CPU_SECONDS_PER_HOUR, ...(level === DEFAULT_LEVEL && { bar: 1 }) })
    sizes.push({ work: name, ours: oursBytes / 1e6, peer: statSync(output).size / 1e6, bar: MOST_SIZE })
    const took = source.tookMs.sort((a, b) => a - b)
    pauses.push({ work: `${name}, all but one in 100`, ours: took[Math.floor(took.length * 0.99)], peer: 100 })
    pauses.push({ work: `${name}, median`, ours: took[took.length >> 1], peer: 100 })
  }
  printTable('PCM recorded as FLAC: CPU seconds per hour of 44.1 kHz stereo; peer: flac', costs)
  printTable('The same; peer: what is allowed', perHour)
  printTable('MB of the files; peer: flac at the same level', sizes)
  printTable('Milliseconds that 100 ms of audio hold up the event loop, files and all; peer: its length', pauses)
} finally {
  rmSync(folder, { recursive: true })
}
