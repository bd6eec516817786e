/**
 * Records one station into a folder, a new file every full hour, until Ctrl+C.
 *   node --import ./examples/ts-node.mjs examples/record-one-stream.ts http://radio.example.org:8000/live.mp3 recordings
 */
import { Recorder } from '@isr/core'

const [url, folder = 'recordings'] = process.argv.slice(2)
if (!url) {
  console.error('give the address of a stream, for example http://radio.example.org:8000/live.mp3')
  process.exit(2)
}

const recorder = new Recorder({ source: url, storage: folder })
recorder.on('recording:open', ({ name }) => console.log(`recording ${folder}/${name}, Ctrl+C stops`))
recorder.on('recording:close', ({ name, durationSeconds }) => console.log(`${name}: ${durationSeconds.toFixed(1)} s`))
recorder.on('retry', ({ cause }) => console.error(`${cause.message}; trying again`))
process.once('SIGINT', () => void recorder.stop())

recorder.start()
const { error } = await recorder.finished
if (error) console.error(error.message)
process.exitCode = error ? 1 : 0
