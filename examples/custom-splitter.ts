/**
 * A splitter of your own is one class with one method: here a new file after every 500 frames.
 *   node --import ./examples/ts-node.mjs examples/custom-splitter.ts old/broadcast.mp3 recordings
 */
import { FileSource, Recorder, Splitter, type FrameSpan, type SplitPosition } from '@isr/core'

class EveryFrames extends Splitter {
  #inFile = 0

  constructor(readonly frames: number) {
    super()
  }

  override cut(span: FrameSpan, { recording }: SplitPosition): number {
    if (recording.durationSeconds === 0) this.#inFile = 0 // a new file, maybe after a reconnect
    const left = this.frames - this.#inFile
    this.#inFile += span.frames
    return left < span.frames ? left : -1
  }
}

const [path, storage = 'recordings'] = process.argv.slice(2)
if (!path) {
  console.error('give an audio file to split, for example an .mp3')
  process.exit(2)
}

const source = new FileSource({ name: 'file', path })
const recorder = new Recorder({ source, storage, splitter: new EveryFrames(500) })
recorder.on('recording:close', ({ name, frames }) => console.log(`${name}: ${frames} frames`))
recorder.start()
const { error } = await recorder.finished
if (error) console.error(error.message)
process.exitCode = error ? 1 : 0
