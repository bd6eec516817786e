// Records what its argument says with the built library, until SIGTERM: [{ "name", "url", "directory", "splitSeconds"? }, ...].
import { AfterDuration, HttpSource, Recorder } from '@isr/core'

const recorders = JSON.parse(process.argv[2]).map(
  ({ name, url, directory, splitSeconds = 3600 }) =>
    new Recorder({
      source: new HttpSource({ url, name }),
      storage: directory,
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
const running = setInterval(() => {}, 1000)
process.once('SIGTERM', async () => {
  await Promise.all(recorders.map((recorder) => recorder.stop()))
  clearInterval(running)
})
