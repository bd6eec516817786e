/**
 * A source of your own is one class with one method: here ten seconds of a 440 Hz tone, as raw PCM.
 *   node --import ./examples/ts-node.mjs examples/custom-source.ts recordings
 */
import { Recorder, Source, type Connection } from '@isr/core'

const RATE = 8000

class ToneSource extends Source {
  override get finite(): boolean {
    return true // when it has ended all is recorded; a station would be connected to again
  }

  connect(): Promise<Connection> {
    return Promise.resolve({
      contentType: '',
      pcm: { sampleRateHz: RATE, channels: 1, sampleFormat: 's16' },
      pace: 'unpaced',
      async *[Symbol.asyncIterator]() {
        for (let second = 0; second < 10; second++) {
          const samples = Int16Array.from({ length: RATE }, (_, n) => 9000 * Math.sin((2 * Math.PI * 440 * n) / RATE))
          yield await Promise.resolve({ bytes: new Uint8Array(samples.buffer) })
        }
      },
      [Symbol.asyncDispose]: () => Promise.resolve(),
    })
  }
}

const recorder = new Recorder({ source: new ToneSource('tone'), storage: process.argv[2] ?? 'recordings' })
recorder.on('recording:close', ({ name, samples }) => console.log(`${name}: ${samples} samples`))
recorder.start()
await recorder.finished
