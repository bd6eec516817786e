/**
 * Everything a recorder announces, as one line of JSON each; here for ten seconds of the built-in test signal.
 *   node --import ./examples/ts-node.mjs examples/watch-events.ts recordings 10
 */
import { Recorder, RECORDER_EVENTS, SignalSource } from '@isr/core'

await using recorder = new Recorder({
  source: new SignalSource({ name: 'signal' }),
  storage: process.argv[2] ?? 'recordings',
  signal: AbortSignal.timeout(Number(process.argv[3] ?? 10) * 1000),
})
for (const name of RECORDER_EVENTS)
  recorder.on(name, (event: object) => console.log(JSON.stringify({ event: name, ...event })))
recorder.start()
await recorder.finished
