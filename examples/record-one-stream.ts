/** Records one station into ./recordings, a new file every full hour, until Ctrl+C. */
import { Recorder } from '@isr/core'

const url = process.argv[2] ?? 'http://ice1.somafm.com/groovesalad-128-mp3'
const recorder = new Recorder({ source: url, storage: process.argv[3] ?? 'recordings' })

recorder.on('recording:close', ({ name, durationSeconds }) => console.log(`${name}: ${durationSeconds.toFixed(1)} s`))
recorder.on('retry', ({ cause }) => console.error(cause.message))
process.once('SIGINT', () => void recorder.stop())

recorder.start()
const { state } = await recorder.finished
process.exitCode = state === 'failed' ? 1 : 0
