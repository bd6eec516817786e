// What writing costs: CPU seconds of one process for an hour of a file of 128 kb/s, when it writes so many of them at a time, less what
// the same process takes that writes nothing. Beside it plain writers on fs/promises: a write for each piece of 4 KB.
//   ISR_BENCH_FOLDER=/mnt/disk node packages/core/bench/writing.bench.mjs     (a folder on the disk that is meant; not a tmpfs)
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const script = fileURLToPath(new URL('lib/write-many.mjs', import.meta.url))
const SECONDS = Number(process.env.ISR_BENCH_SECONDS ?? 20)
const parent = process.env.ISR_BENCH_FOLDER ?? tmpdir()

async function measure(writer, files) {
  const folder = mkdtempSync(join(parent, 'isr-bench-'))
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [script, writer, files, SECONDS, folder])
    return JSON.parse(stdout)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

for (const files of [1, 10, 100, 1000]) {
  const { cpuSeconds: base } = await measure('nothing', files)
  const rows = {}
  for (const writer of ['off', 'synced', 'group', 'plain', 'plain-synced']) {
    const { cpuSeconds, longestLag, rssMb } = await measure(writer, files)
    rows[writer] = {
      'CPU s per stream-hour': (((cpuSeconds - base) / SECONDS / files) * 3600).toFixed(3),
      'longest lag (s)': longestLag.toFixed(2),
      'RSS (MB)': Math.round(rssMb),
    }
  }
  console.log(`${files} files at a time`)
  console.table(rows)
}
