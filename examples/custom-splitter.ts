/** A splitter of your own is one class with one method: here a new file after every 500 frames. */
import { FileSource, Recorder, Splitter, type FrameSpan } from '@isr/core'

class EveryFrames extends Splitter {
  #inFile = 0

  constructor(readonly frames: number) {
    super()
  }

  override cut(span: FrameSpan): number {
    const left = this.frames - this.#inFile
    if (left > span.frames) {
      this.#inFile += span.frames
      return -1
    }
    this.#inFile = 0
    return left
  }
}

const [path, storage = 'recordings'] = process.argv.slice(2)
const recorder = new Recorder({
  source: new FileSource({ name: 'file', path }),
  storage,
  splitter: new EveryFrames(500),
})
recorder.on('recording:close', ({ name, frames }) => console.log(`${name}: ${frames} frames`))
recorder.start()
await recorder.finished
