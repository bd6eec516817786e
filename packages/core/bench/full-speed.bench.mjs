// What it costs to record from a server that sends as fast as it can: CPU seconds per GB, one stream of MP3, with splitting, hashes and
// ledger. Peers, by turns with ours: curl, which writes the same bytes to one file; and the floor, which is what Node needs to read,
// hash and write them, and nothing else.
//
// ISR_BENCH_QUICK=1      a quarter of the bytes
// ISR_BENCH_FOLDER=/mnt  where to write; not a tmpfs
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { commandCpuSeconds } from './lib/cpu.mjs'
import { fixture } from './lib/fixtures.mjs'
import { printTable } from './lib/table.mjs'

const { env } = process
const GB = 1e9
const gigabytes = env.ISR_BENCH_QUICK ? 0.25 : 1
const RUNS = 3
const script = (name) => fileURLToPath(new URL(`lib/streams/${name}.mjs`, import.meta.url))

const root = mkdtempSync(join(env.ISR_BENCH_FOLDER ?? tmpdir(), 'isr-full-speed-'))
const task = JSON.stringify({ path: fixture('mp3-128', 60), totalBytes: gigabytes * GB })
const station = spawn(process.execPath, [script('fast-station'), task], { stdio: ['ignore', 'pipe', 'inherit'] })
const [port] = await once(station.stdout, 'data')
const url = `http://127.0.0.1:${Number(port)}/`
try {
  const runs = { ours: [], curl: [], floor: [] }
  for (let run = 0; run < RUNS; run++) {
    runs.curl.push(await commandCpuSeconds('curl', ['-s', '-o', join(root, 'peer.mp3'), url], { runs: 1 }))
    runs.floor.push(readHashWrite())
    runs.ours.push(recordOnce())
  }
  const [ours, curl, floor] = [runs.ours, runs.curl, runs.floor].map((seconds) => median(seconds) / gigabytes)
  printTable('As fast as the server sends: CPU seconds per GB', [
    { work: 'MP3 at full speed, against curl', ours, peer: curl, bar: 1.2 },
    { work: 'the same, against the floor', ours, peer: floor },
    { work: 'the floor, against curl', ours: floor, peer: curl },
  ])
} finally {
  station.kill()
  rmSync(root, { recursive: true, force: true })
}

function recordOnce() {
  const folder = mkdtempSync(join(root, 'run-'))
  const flags = (env.ISR_BENCH_FLAGS ?? '').split(' ').filter(Boolean)
  const said = execFileSync(process.execPath, [...flags, script('record-once'), url, folder], { encoding: 'utf8' })
  rmSync(folder, { recursive: true, force: true })
  const { cpuSeconds, recordedBytes, discardedBytes, told } = JSON.parse(said)
  if (recordedBytes + discardedBytes < gigabytes * GB || told.some((what) => !what.endsWith('partial-frame'))) {
    console.log(`recorded ${recordedBytes} bytes of ${gigabytes * GB}`, told)
    process.exitCode = 1
  }
  return cpuSeconds
}

/** CPU seconds to read, hash and write the same bytes. */
function readHashWrite() {
  const said = execFileSync(process.execPath, [script('floor'), url, join(root, 'floor.mp3')], { encoding: 'utf8' })
  const { cpuSeconds, receivedBytes } = JSON.parse(said)
  if (receivedBytes < gigabytes * GB) throw new Error(`the floor has read ${receivedBytes} bytes`)
  return cpuSeconds
}

function median(values) {
  return values.sort((a, b) => a - b)[values.length >> 1]
}
