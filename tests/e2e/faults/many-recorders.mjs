// Records what its argument says with the built library, until SIGTERM: [{ "name", "url", "directory", "splitSeconds"?, "tellsAudio"?, "groupCommit"? },
// ...].
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { AfterDuration, FileStorage, HttpSource, Recorder, giveMemoryBack, openLedger } from '@isr/core'

/** Says when the first audio of each connection was in our hands, on a clock that other processes share. */
class TellingSource extends HttpSource {
  async connect(options) {
    const connection = await super.connect(options)
    const deliver = connection.deliver.bind(connection)
    connection.deliver = (take) => deliver(this.#tellFirst(take))
    return connection
  }

  #tellFirst(take) {
    let isTold = false
    return (chunk) => {
      if (!isTold) console.log(`audio ${this.name} ${performance.timeOrigin + performance.now()}`)
      isTold = true
      return take(chunk)
    }
  }
}

const recorders = JSON.parse(process.argv[2]).map(
  ({ name, url, directory, splitSeconds = 3600, tellsAudio = false, groupCommit = 'auto' }) =>
    new Recorder({
      source: new (tellsAudio ? TellingSource : HttpSource)({ url, name }),
      storage: new FileStorage({ directory, groupCommit }),
      ledger: openLedger({ directory }),
      splitter: new AfterDuration({ seconds: splitSeconds }),
      filenamePrefix: name,
      retry: { maxAttempts: 0, delayMs: 300, maxDelayMs: 1000 },
      stallTimeoutMs: 5000,
    }),
)
for (const recorder of recorders) {
  recorder.on('error', ({ source, error }) => console.log(`error ${source}: ${error.code}`))
  recorder.start()
}
// memory is what is still in use, not when the collector comes, nor what malloc keeps for the next second
setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc')
process.on('SIGUSR2', () => {
  collect()
  // buffers are given to malloc beside the program
  setTimeout(() => void giveMemoryBack(), 200)
})
const running = setInterval(() => {}, 1000)
process.once('SIGTERM', async () => {
  await Promise.all(recorders.map((recorder) => recorder.stop()))
  clearInterval(running)
})
