import { FilesInOrder } from '../../analysis/levels/files-in-order.js'
import type { LevelFollower, LevelListener } from '../../analysis/levels/follower.js'
import { LEVEL_WINDOW_MS, type LevelBlock } from '../../analysis/levels/levels.js'
import type { LevelSink } from '../../analysis/silence/silence-alarm.js'
import type { CloseReason, Recording } from '../../model.js'

/** After these the audio goes on in the next file. */
const GOES_ON: readonly (CloseReason | undefined)[] = ['boundary', 'format-change']

/** Makes the levels of one file after another those of one stream, for an alarm that goes on over files. */
export class SilenceFollower implements LevelFollower {
  readonly #sink: LevelSink
  readonly #files = new FilesInOrder()

  /** @param sink - takes levels in order */
  constructor(sink: LevelSink) {
    this.#sink = sink
  }

  open({ startedAt }: Recording): LevelListener {
    const turn = this.#files.begin()
    let windows = 0
    const push = (block: LevelBlock) => {
      const at = startedAt + windows * LEVEL_WINDOW_MS
      windows += block.rms.length / block.channels
      turn.run(() => this.#sink.push(block, at))
    }
    const close = (recording: Recording | undefined) => {
      turn.end(() => {
        if (!GOES_ON.includes(recording?.closedBy)) this.#sink.end()
      })
      return undefined
    }
    return { push, close }
  }
}
