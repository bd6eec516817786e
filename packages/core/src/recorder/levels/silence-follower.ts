import type { LevelFollower, LevelListener, MeasuredLayout } from '../../analysis/levels/follower.js'
import { LEVEL_WINDOW_MS, type LevelBlock } from '../../analysis/levels/levels.js'
import type { LevelSink } from '../../analysis/silence/silence-alarm.js'
import type { CloseReason, Recording } from '../../model.js'

/** After these the audio goes on in the next file. */
const GOES_ON: readonly (CloseReason | undefined)[] = ['boundary', 'format-change']

/** One file: its levels wait until those of the file before are told. */
interface FileLevels {
  readonly told: (() => void)[]
  isClosed: boolean
}

/** Makes the levels of one file after another those of one stream, for an alarm that goes on over files. */
export class SilenceFollower implements LevelFollower {
  readonly #sink: LevelSink
  /** Decoders may tell the end of one file after the start of the next. */
  readonly #files: FileLevels[] = []

  /** @param sink - takes levels in order */
  constructor(sink: LevelSink) {
    this.#sink = sink
  }

  open({ startedAt }: Recording, { channels }: MeasuredLayout): LevelListener {
    const file: FileLevels = { told: [], isClosed: false }
    this.#files.push(file)
    let windows = 0
    const push = (block: LevelBlock) => {
      const at = startedAt + windows * LEVEL_WINDOW_MS
      windows += block.rms.length / channels
      this.#tell(file, () => this.#sink.push(block, at))
    }
    const close = (recording: Recording | undefined) => {
      file.isClosed = true
      this.#tell(file, () => {
        if (!GOES_ON.includes(recording?.closedBy)) this.#sink.end()
      })
      return undefined
    }
    return { push, close }
  }

  #tell(file: FileLevels, tell: () => void): void {
    file.told.push(tell)
    for (let [first] = this.#files; first; [first] = this.#files) {
      for (const told of first.told.splice(0)) told()
      if (!first.isClosed) return
      this.#files.shift()
    }
  }
}
