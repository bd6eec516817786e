import type { Recording } from '../../model.js'
import type { LevelFollower, LevelListener, MeasuredLayout } from '../levels/follower.js'
import { PyramidWriter } from './pyramid-writer.js'

/** Bytes that are kept as they come, in the place of what was there before. */
export interface LevelsFile {
  /** Adds bytes, which nobody changes afterwards; never waits. */
  append(bytes: Uint8Array): void
  /** No more come. */
  end(): Promise<void>
}

/** Keeps the levels of every recording in a file of levels, which grows with it. */
export class PyramidFollower implements LevelFollower {
  readonly #create: (recordingName: string) => LevelsFile

  /** @param create - makes the file of levels of a recording */
  constructor(create: (recordingName: string) => LevelsFile) {
    this.#create = create
  }

  open({ name, startedAt }: Recording, layout: MeasuredLayout): LevelListener {
    const file = this.#create(name)
    const { sampleRateHz, channels } = layout
    const writer = new PyramidWriter({ sampleRateHz, channels, startedAt }, (bytes) => file.append(bytes))
    return {
      push: (block) => writer.push(block),
      close(recording, samples) {
        // what a failing volume has kept is less than what was measured
        if (recording && recording.closedBy !== 'error') writer.finish(samples)
        return file.end()
      },
    }
  }
}
