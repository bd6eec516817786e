// Many files that grow as 128 kb/s streams do, in a process of its own: node write-many.mjs WRITER FILES SECONDS FOLDER
// Tells CPU seconds (all threads), the longest time that bytes were not durable, and the memory in use.
import { mkdirSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'

const [, , writer, files, seconds, folder] = process.argv
const BYTES_PER_SECOND = 16_000
const PIECES = 4
const WARM_UP_SECONDS = 5

/** What each kind of writer does with the bytes of a second. */
const KINDS = {
  nothing: () => Promise.resolve({ append() {}, lag: () => 0 }),
  off: (index) => storageFile(index, { syncSeconds: 0 }),
  synced: (index) => storageFile(index, { groupCommit: 'never' }),
  group: (index) => storageFile(index, { groupCommit: 'always' }),
  auto: (index) => storageFile(index, { groupCommit: 'auto' }),
  plain: (index) => plainFile(index, false),
  'plain-synced': (index) => plainFile(index, true),
}

let storage
async function storageFile(index, options) {
  const { FileStorage } = await import(process.env.ISR_BENCH_CORE ?? '@isr/core')
  storage ??= new FileStorage({ directory: folder, ...options })
  const file = await storage.create(`${index}.mp3`)
  return {
    append: (pieces) => pieces.forEach((piece) => file.append(piece)),
    lag: () => file.unsyncedBytes / BYTES_PER_SECOND,
  }
}

/** As most programs write: each piece by itself. */
async function plainFile(index, isSynced) {
  const handle = await open(join(folder, `${index}.mp3`), 'w')
  let busy = Promise.resolve()
  let waiting = 0
  return {
    append(pieces) {
      waiting++
      busy = busy.then(async () => {
        for (const piece of pieces) await handle.write(piece)
        if (isSynced) await handle.datasync()
        waiting--
      })
    },
    lag: () => waiting,
  }
}

mkdirSync(folder, { recursive: true })
const all = await Promise.all(Array.from({ length: Number(files) }, (_, index) => KINDS[writer](index)))
let before
let longestLag = 0
let lateMs = 0
const startMs = performance.now()
for (let second = 0; second < Number(seconds) + WARM_UP_SECONDS; second++) {
  if (second === WARM_UP_SECONDS) before = process.cpuUsage()
  // one after the other within the second, a slice of a hundred at a time
  for (let slice = 0; slice * 100 < all.length; slice++) {
    for (const file of all.slice(slice * 100, slice * 100 + 100))
      file.append(Array.from({ length: PIECES }, () => new Uint8Array(BYTES_PER_SECOND / PIECES)))
    await setTimeout(Math.max(0, startMs + (second + slice / Math.ceil(all.length / 100)) * 1000 - performance.now()))
  }
  await setTimeout(Math.max(0, startMs + (second + 1) * 1000 - performance.now()))
  lateMs = Math.max(lateMs, performance.now() - startMs - (second + 1) * 1000)
  // what was appended just now excepted
  if (second > 2) longestLag = Math.max(longestLag, ...all.map((file) => file.lag()))
}
const { user, system } = process.cpuUsage(before)
const cpuSeconds = (user + system) / 1e6
const rssMb = process.memoryUsage().rss / 2 ** 20
console.log(JSON.stringify({ cpuSeconds, longestLag, lateMs, rssMb }))
process.exit(0)
