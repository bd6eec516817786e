// What it costs to record live Ogg Opus, 50 streams of 96 kb/s in one process: CPU seconds (user and system, the station not counted) of an
// hour of one stream, with splitting, hashes and ledger. Peers: Python's requests, a thread for each; curl, a process for each.
//
// ISR_BENCH_QUICK=1      short windows: shows that it works, measures the compiler
// ISR_BENCH_FOLDER=/mnt  where to write; not a tmpfs
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fixture } from './lib/fixtures.mjs'
import { costOf } from './lib/streams/cost-of.mjs'
import { startCurl, startOurs, startRequests, startStation } from './lib/streams/processes.mjs'
import { printTable } from './lib/table.mjs'

const { env } = process
const quick = Boolean(env.ISR_BENCH_QUICK)
const COUNT = 50
/** Longer than any window: a second beginning would be another stream. */
const LOOP_SECONDS = 1800
const BYTES_PER_SECOND = 12_090
const warmUpSeconds = quick ? 12 : 60
const windowSeconds = quick ? 10 : 60
const PEER_WARM_UP_SECONDS = quick ? 3 : 10
/** Highest ratios that are good enough. */
const bars = { off: { requests: 1.2 }, synced: {}, group: {} }
const storages = {
  off: { syncSeconds: 0 },
  synced: { syncSeconds: 1, groupCommit: 'never' },
  group: { syncSeconds: 1, groupCommit: 'always' },
}

const root = mkdtempSync(join(env.ISR_BENCH_FOLDER ?? tmpdir(), 'isr-opus-'))
const station = await startStation({
  path: fixture('opus-96', LOOP_SECONDS),
  type: 'application/ogg',
  bytesPerSecond: BYTES_PER_SECOND,
  segmentBytes: 1400,
  burstBytes: 2 * BYTES_PER_SECOND,
})
const rows = []
try {
  const peers = {}
  for (const [name, start] of Object.entries({ requests: startRequests, curl: startCurl })) {
    const folder = newFolder()
    const peer = await start({ url: station.url, count: COUNT, folder })
    peers[name] = await costOf(peer, { count: COUNT, warmUpSeconds: PEER_WARM_UP_SECONDS, windowSeconds })
    await peer.stop()
    rmSync(folder, { recursive: true, force: true })
  }
  for (const [kind, storage] of Object.entries(storages)) {
    if (env.ISR_BENCH_ONLY && !env.ISR_BENCH_ONLY.split(',').includes(kind)) continue
    const folder = newFolder()
    const recorders = await startOurs({ url: station.url, count: COUNT, folder, storage })
    const ours = await costOf(recorders, { count: COUNT, warmUpSeconds, windowSeconds })
    const { gaps, discardedBytes, leastSeconds } = JSON.parse(await recorders.stop())
    if (gaps > 0 || discardedBytes > 0 || leastSeconds < warmUpSeconds + windowSeconds) {
      console.log(`${kind}: ${gaps} gaps, ${discardedBytes} bytes discarded, least ${leastSeconds} s`)
      process.exitCode = 1
    }
    for (const [name, peer] of Object.entries(peers)) {
      const bar = bars[kind][name]
      rows.push({ work: `${COUNT} ${kind}, against ${name}`, ours, peer, ...(bar && { bar }) })
    }
    rmSync(folder, { recursive: true, force: true })
  }
} finally {
  station.stop()
  rmSync(root, { recursive: true, force: true })
}
printTable(`Live Ogg Opus of 96 kb/s: CPU seconds of an hour of one stream`, rows)

function newFolder() {
  const folder = mkdtempSync(join(root, 'run-'))
  mkdirSync(folder, { recursive: true })
  return folder
}
