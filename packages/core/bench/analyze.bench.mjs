// What it costs to analyse a finished file, in CPU seconds for an hour of 44.1 kHz stereo: RMS and peak measured and sections found. WAV
// inside of a process that runs, as a server does it; what is decoded as a process of its own, with all that it starts. Peers: Python with
// wave + numpy, and soundfile + numpy as it is read most simply, window by window; RMS of each channel alone. Then the memory that it takes.
import { spawnSync } from 'node:child_process'
import { closeSync, ftruncateSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Analyzer } from '@isr/core'
import { commandCpuSeconds, cpuSeconds } from './lib/cpu.mjs'
import { fixture } from './lib/fixtures.mjs'
import { SOUNDFILE, SOUNDFILE_TUNED, WAVE_NUMPY } from './lib/python.mjs'
import { printTable } from './lib/table.mjs'

const SECONDS = 1800
const PER_HOUR = 3600 / SECONDS
const DAY_SECONDS = 86_400
const MOST_MB = 120
const analyzeOne = fileURLToPath(new URL('./lib/analyze-one.mjs', import.meta.url))
const python = ['python3', '/usr/bin/python3'].find(
  (command) => spawnSync(command, ['-c', 'import numpy, soundfile']).status === 0,
)
if (!python) throw new Error('no python3 with numpy and soundfile: apt-get install python3-numpy python3-soundfile')

const kinds = [
  { kind: 'wav', peer: WAVE_NUMPY, bar: 0.35 },
  { kind: 'flac', peer: SOUNDFILE, bar: 0.8 },
  { kind: 'mp3', peer: SOUNDFILE, bar: 0.85 },
  { kind: 'ogg', peer: SOUNDFILE, bar: 0.85 },
  { kind: 'opus', peer: SOUNDFILE },
]
const rows = []
const tuned = []
const analyzer = new Analyzer({ cache: false })
for (const { kind, peer, bar } of kinds) {
  const path = fixture(kind, SECONDS)
  const args = [path, SECONDS * 10]
  const cost = async (command, first) => PER_HOUR * (await commandCpuSeconds(command, [...first, ...args], { runs: 5 }))
  const ours =
    kind === 'wav'
      ? PER_HOUR * (await cpuSeconds(() => analyzer.analyze(path), { runs: 9, warmUps: 2 }))
      : await cost(process.execPath, [analyzeOne])
  rows.push({ work: kind, ours, peer: await cost(python, ['-c', peer]), bar })
  if (kind !== 'wav') tuned.push({ work: kind, ours, peer: await cost(python, ['-c', SOUNDFILE_TUNED]) })
}
await analyzer.close()
printTable('Analysis of an hour: CPU seconds; peer: python3, wave or soundfile', rows)
printTable('The same beside soundfile tuned: float32, a second at a time', tuned)

const folder = mkdtempSync(join(tmpdir(), 'isr-bench-analyze-'))
try {
  const memory = [
    { work: 'WAV of 24 h', path: wavOfADay(join(folder, 'day.wav')), seconds: DAY_SECONDS },
    ...['flac', 'mp3'].map((kind) => ({ work: `${kind} of 30 min`, path: fixture(kind, SECONDS), seconds: SECONDS })),
  ].map(({ work, path, seconds }) => {
    const { stdout } = spawnSync(process.execPath, [analyzeOne, path], { encoding: 'utf8' })
    const { durationSeconds, peakMb } = JSON.parse(stdout)
    if (Math.abs(durationSeconds - seconds) > 1) throw new Error(`${work}: ${durationSeconds} s`)
    if (seconds === DAY_SECONDS && peakMb > MOST_MB) process.exitCode = 1
    return { work, ours: peakMb, peer: MOST_MB, ...(seconds === DAY_SECONDS && { bar: 1 }) }
  })
  printTable(`Peak memory: MB; peer: the ${MOST_MB} MB that are allowed`, memory)
} finally {
  rmSync(folder, { recursive: true })
}

/** A day of silence at 44.1 kHz in stereo that takes no room on disk; its size is left open, as in a stream. */
function wavOfADay(path) {
  const header = Buffer.alloc(44)
  header.write('RIFF\xff\xff\xff\xffWAVEfmt \x10\0\0\0\x01\0\x02\0', 'latin1')
  header.writeUInt32LE(44_100, 24)
  header.writeUInt32LE(176_400, 28)
  header.writeUInt16LE(4, 32)
  header.writeUInt16LE(16, 34)
  header.write('data\xff\xff\xff\xff', 36, 'latin1')
  const handle = openSync(path, 'w')
  writeSync(handle, header)
  ftruncateSync(handle, header.length + DAY_SECONDS * 176_400)
  closeSync(handle)
  return path
}
