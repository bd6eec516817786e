// Real recorders in a process of its own: splitting, hashes and ledger on. Argument: JSON. Prints `ready` when all record; ends at the end
// of its input and prints what was recorded.
import { resourceUsage } from 'node:process'

const { url, count, folder, storage = {}, everyMinutes = 60, certificate } = JSON.parse(process.argv[2])
const { AtClock, compileSoon, FileStorage, HttpSource, letHeapGrow, MANY_STREAMS, openLedger, Recorder } = await import(
  process.env.ISR_BENCH_CORE ?? '@isr/core'
)

// as isr record does
compileSoon()
if (count >= MANY_STREAMS) letHeapGrow()
const kept = storage === 'nowhere' ? nowhere() : new FileStorage({ directory: folder, ...storage })
const ledger = openLedger({ directory: folder })
let recording = 0
let [gaps, discardedBytes] = [0, 0]
const recorders = Array.from({ length: count }, (_, index) => {
  const name = `s${index}`
  const trusted = certificate && { trustedCertificates: [certificate] }
  const recorder = new Recorder({
    source: new HttpSource({ url, name, titles: false, ...trusted }),
    storage: kept,
    ledger,
    splitter: new AtClock({ everyMinutes }),
    filenamePattern: `${name}_%Y%m%d_%H%M%S`,
  })
  recorder.on('recording:open', () => ++recording === count && console.log('ready'))
  recorder.on('gap', () => gaps++)
  recorder.on('discard', ({ bytes, reason }) => reason !== 'partial-frame' && (discardedBytes += bytes))
  recorder.on('error', ({ error }) => console.error(error))
  return recorder
})
for (const recorder of recorders) {
  recorder.start()
  if (recorders.length > 50) await new Promise((resolve) => setTimeout(resolve, 5))
}
process.stdin.on('end', async () => {
  await Promise.all(recorders.map((recorder) => recorder.stop()))
  await ledger.close()
  const least = Math.min(...recorders.map(({ status }) => status.recordedSeconds))
  console.log(JSON.stringify({ gaps, discardedBytes, leastSeconds: least, maxRssKb: resourceUsage().maxRSS }))
  process.exit(0)
})
process.stdin.resume()

/** A storage that keeps nothing: shows what everything else costs. */
function nowhere() {
  const writer = { append: () => {}, unsyncedBytes: 0, failed: new Promise(() => {}), commit: () => Promise.resolve() }
  return { location: 'nowhere', create: (name) => Promise.resolve({ name, ...writer }) }
}
