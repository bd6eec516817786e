import { LevelMeter } from '../../analysis/levels/level-meter.js'
import type { MeasuredLayout } from '../../analysis/levels/follower.js'
import type { LevelBlock } from '../../analysis/levels/levels.js'
import type { FrameSpan } from '../../formats/frame-span.js'
import type { HeaderCapture } from '../../formats/header-capture.js'
import { WavHeader } from '../../formats/wav/header.js'

/** Measures the frames of one file. */
export interface SpanMeter {
  /** What is measured. */
  readonly layout: MeasuredLayout
  /** Samples per channel that were measured so far. */
  readonly samples: number
  /** Takes frames, in order, and tells the windows that they finish: at once, or later and in order. Never waits. */
  write(span: FrameSpan): void
  /** No more frames come: tells the last windows. What it rejects with is told as a warning. */
  end(): Promise<void>
}

/**
 * Opens a meter for frames with this header; undefined when it cannot measure them.
 * @param onBlock - told of windows, until `end` resolves
 */
export type OpenSpanMeter = (header: HeaderCapture, onBlock: (block: LevelBlock) => void) => SpanMeter | undefined

/** Measures PCM, at once. */
export const openPcmMeter: OpenSpanMeter = (header, onBlock) => {
  if (!(header instanceof WavHeader)) return undefined
  const meter = new LevelMeter(header.layout)
  const tell = (block: LevelBlock) => {
    if (block.rms.length > 0) onBlock(block)
  }
  return {
    layout: header.layout,
    get samples() {
      return meter.samples
    },
    write: (span) => tell(meter.push(span.bytes)),
    end() {
      tell(meter.finish())
      return Promise.resolve()
    },
  }
}
