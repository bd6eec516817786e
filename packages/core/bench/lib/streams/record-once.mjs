// One real recorder, with splitting, hashes and ledger, for one connection: node record-once.mjs URL FOLDER. Prints what it took, its own
// start not counted, and what is in the files.
const { AtClock, FileStorage, HttpSource, openLedger, Recorder } = await import(
  process.env.ISR_BENCH_CORE ?? '@isr/core'
)

const [, , url, folder] = process.argv
const before = process.cpuUsage()
const ledger = openLedger({ directory: folder })
const recorder = new Recorder({
  source: new HttpSource({ url, name: 'fast', titles: false }),
  storage: new FileStorage({ directory: folder, syncSeconds: 0 }),
  ledger,
  splitter: new AtClock({ everyMinutes: 1440 }),
})
const told = []
let [recordedBytes, discardedBytes] = [0, 0]
recorder.on('recording:close', ({ sizeBytes }) => (recordedBytes += sizeBytes))
recorder.on('discard', ({ bytes, reason }) => (discardedBytes += bytes) && told.push(`${bytes} bytes: ${reason}`))
recorder.on('error', ({ error }) => told.push(String(error)))
recorder.on('run:end', () => void recorder.stop())
recorder.start()
await recorder.finished
await ledger.close()
const { user, system } = process.cpuUsage(before)
console.log(
  JSON.stringify({ cpuSeconds: (user + system) / 1e6, recordedBytes, discardedBytes, told: told.slice(0, 5) }),
)
process.exit(0)
