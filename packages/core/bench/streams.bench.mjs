// What it costs to record live streams: CPU seconds (user and system, the station not counted) of an hour of one stream. Ours are real
// recorders with splitting, hashes and ledger. Peers: curl, a process for each stream; Python's requests, a thread for each; and the
// floor, a program in C that reads all sockets and writes their files once a second and does nothing else.
//
// ISR_BENCH_QUICK=1        short windows: shows that it works, measures the compiler
// ISR_BENCH_STREAMS=1,10   only these numbers of streams
// ISR_BENCH_ONLY=off,https only these kinds: off, synced, group, https, https-group; nowhere (what all but the disk costs)
// ISR_BENCH_CURL=0         leave a peer out: CURL, REQUESTS, FLOOR
// ISR_BENCH_FOLDER=/mnt    where to write; not a tmpfs
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fixture } from './lib/fixtures.mjs'
import { costOf } from './lib/streams/cost-of.mjs'
import { startCurl, startFloor, startOurs, startRequests, startStation } from './lib/streams/processes.mjs'
import { printTable } from './lib/table.mjs'

const { env } = process
const quick = Boolean(env.ISR_BENCH_QUICK)
const list = (text, all) => (text ? all.filter((one) => text.split(',').includes(String(one))) : all)
const counts = list(env.ISR_BENCH_STREAMS, [1, 10, 100, 1000])

/** V8 compiles for so long; a window that is shorter measures that. */
const warmUpSeconds = (count) => (quick ? 12 : count <= 10 ? 90 : 45)
const WINDOW_SECONDS = quick ? 10 : 60
/** Those that are not compiled while they run. */
const PEER_WARM_UP_SECONDS = quick ? 3 : 10

/** Kinds over http, and those over https. */
const PLAIN = ['off', 'synced', 'group', ...(env.ISR_BENCH_ONLY ? ['nowhere'] : [])]
const SECURE = ['https', 'https-group']

/** Highest ratios that are good enough, by kind, number of streams and peer. */
const bars = {
  off: {
    1: { curl: 1 },
    10: { curl: 0.35 },
    100: { curl: 0.2, floor: 5 },
    1000: { requests: 0.15 },
  },
  synced: { 1: { curl: 1.4 }, 10: { curl: 0.7 }, 100: { curl: 0.45 }, 1000: {} },
  group: { 1: {}, 10: {}, 100: { curl: 0.25 }, 1000: { requests: 0.16 } },
  https: { 1: {}, 10: {}, 100: { curl: 0.17 }, 1000: {} },
  'https-group': { 1: {}, 10: {}, 100: { curl: 0.2 }, 1000: {} },
}
/** What our storage is told. */
const storages = {
  off: { syncSeconds: 0 },
  synced: { syncSeconds: 1, groupCommit: 'never' },
  group: { syncSeconds: 1, groupCommit: 'always' },
  https: { syncSeconds: 0 },
  'https-group': { syncSeconds: 1, groupCommit: 'always' },
  nowhere: 'nowhere',
}

const root = mkdtempSync(join(env.ISR_BENCH_FOLDER ?? tmpdir(), 'isr-streams-'))
const certificatePath = join(root, 'station.pem')
const rows = []
const faults = []
try {
  for (const count of counts) {
    await measure(count, false, list(env.ISR_BENCH_ONLY, PLAIN))
    if (count >= 100) await measure(count, true, list(env.ISR_BENCH_ONLY, SECURE))
  }
} finally {
  rmSync(root, { recursive: true, force: true })
}
printTable('Live streams: CPU seconds of an hour of one stream', rows)
for (const fault of faults) console.log(fault)
if (faults.length > 0) process.exitCode = 1

async function measure(count, secure, kinds) {
  if (kinds.length === 0) return
  const station = await startStation({
    path: fixture('mp3-128', 60),
    type: 'audio/mpeg',
    bytesPerSecond: 16_000,
    segmentBytes: 1400,
    burstBytes: 32_000,
    ...(secure && { tls: certificate() }),
  })
  const peers = await measurePeers(count, station, secure)
  for (const kind of kinds) {
    const folder = newFolder()
    const options = { url: station.url, count, folder, storage: storages[kind] }
    const trusted = secure && { certificate: readFileSync(certificatePath, 'utf8') }
    const ours = await startOurs({ ...options, ...trusted })
    const cost = await costOf(ours, { count, warmUpSeconds: warmUpSeconds(count), windowSeconds: WINDOW_SECONDS })
    const { residentMb } = ours
    check(kind, count, JSON.parse(await ours.stop()), residentMb)
    for (const [peer, peerCost] of Object.entries(peers)) {
      const bar = bars[kind]?.[count]?.[peer]
      const row = { work: `${count} ${kind}, against ${peer}`, ours: cost, peer: peerCost }
      rows.push(bar === undefined ? row : { ...row, bar })
    }
    rmSync(folder, { recursive: true, force: true })
  }
  station.stop()
}

async function measurePeers(count, { url, port }, secure) {
  const costs = {}
  const wanted = {
    curl: count <= 100 && startCurl,
    requests: startRequests,
    floor: !secure && startFloor,
  }
  for (const [name, start] of Object.entries(wanted)) {
    if (!start || env[`ISR_BENCH_${name.toUpperCase()}`] === '0') continue
    const folder = newFolder()
    const trusted = secure && { certificatePath }
    const peer = await start({ url, port, count, folder, ...trusted })
    if (!peer) {
      console.log(`${name}: no gcc, left out`)
      continue
    }
    costs[name] = await costOf(peer, { count, warmUpSeconds: PEER_WARM_UP_SECONDS, windowSeconds: WINDOW_SECONDS })
    await peer.stop()
    rmSync(folder, { recursive: true, force: true })
  }
  return costs
}

function check(kind, count, { gaps, discardedBytes, leastSeconds }, residentMb) {
  const expected = warmUpSeconds(count) + WINDOW_SECONDS
  console.log(
    `${count} ${kind}: ${residentMb.toFixed(0)} MB resident, least ${leastSeconds.toFixed(1)} s of ${expected} s`,
  )
  if (gaps > 0 || discardedBytes > 0) faults.push(`${count} ${kind}: ${gaps} gaps, ${discardedBytes} bytes discarded`)
  if (leastSeconds < expected) faults.push(`${count} ${kind}: a recording holds only ${leastSeconds} s`)
}

function newFolder() {
  const folder = mkdtempSync(join(root, 'run-'))
  mkdirSync(folder, { recursive: true })
  return folder
}

function certificate() {
  const key = join(root, 'station.key')
  const request = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2']
  const names = ['-subj', '/CN=station', '-addext', 'subjectAltName=IP:127.0.0.1']
  execFileSync('openssl', [...request, '-keyout', key, '-out', certificatePath, ...names], { stdio: 'pipe' })
  return { key: readFileSync(key, 'utf8'), cert: readFileSync(certificatePath, 'utf8') }
}
