// What it costs to make files of the bytes that sockets gave: frames, splitting, hashes, ledger; 100 recorders, fed by hand a second at a
// time. CPU seconds of an hour of one stream, sockets not counted. Peer: the same bytes copied and hashed (SHA-256), in the same process.
//
// ISR_BENCH_QUICK=1  short windows: shows that it works, measures the compiler
// ISR_BENCH_ONLY=mp3,opus   only these: mp3, mp3-disk, aac, opus
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { fixture } from './lib/fixtures.mjs'
import { printTable } from './lib/table.mjs'

const quick = Boolean(process.env.ISR_BENCH_QUICK)
const COUNT = 100
const child = fileURLToPath(new URL('lib/frame-path.mjs', import.meta.url))

/** Highest ratios that are good enough. */
const kinds = {
  mp3: { fixture: 'mp3-128', contentType: 'audio/mpeg', storage: 'nowhere', loopSeconds: 60, bar: 3 },
  'mp3-disk': { fixture: 'mp3-128', contentType: 'audio/mpeg', storage: 'off', loopSeconds: 60 },
  aac: { fixture: 'aac-128', contentType: 'audio/aac', storage: 'nowhere', loopSeconds: 60 },
  /** The loop is never at its end: another stream would begin there. */
  opus: { fixture: 'opus-96', contentType: 'application/ogg', storage: 'nowhere', loopSeconds: 1800 },
}
const wanted = process.env.ISR_BENCH_ONLY?.split(',') ?? Object.keys(kinds)

const rows = []
for (const [kind, { fixture: name, bar, ...options }] of Object.entries(kinds)) {
  if (!wanted.includes(kind)) continue
  const folder = mkdtempSync(join(tmpdir(), 'isr-frame-path-'))
  const lengths = quick
    ? { warmUpSeconds: 60, windows: 3, windowSeconds: 20 }
    : { warmUpSeconds: 600, windows: 15, windowSeconds: 60 }
  const path = fixture(name, options.loopSeconds)
  const flags = (process.env.ISR_BENCH_FLAGS ?? '').split(' ').filter(Boolean)
  const task = JSON.stringify({ ...options, ...lengths, path, count: COUNT, folder })
  const said = execFileSync(process.execPath, [...flags, child, task], { encoding: 'utf8' })
  rmSync(folder, { recursive: true, force: true })
  const { ours, floor, rssMb, faults } = JSON.parse(said)
  console.log(`${kind}: ${rssMb.toFixed(0)} MB resident`)
  for (const fault of faults) console.log(fault)
  if (faults.length > 0) process.exitCode = 1
  rows.push({ work: kind, ours, peer: floor, ...(bar && { bar }) })
}
printTable(
  `From sockets to files, ${COUNT} streams: CPU seconds of an hour of one stream; peer: copy and SHA-256`,
  rows,
)
