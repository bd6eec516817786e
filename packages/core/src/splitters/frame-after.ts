import type { FrameSpan } from '../formats/frame-span.js'

/**
 * Counts as none, in milliseconds: hides the rounding of times as large as those since 1970 (0.0005 ms), and is less than
 * one sample of 96 kHz.
 */
const TOLERANCE_MS = 0.01

/** The first frame of `span` that starts at least `delayMs` after the span, or -1 when none does. */
export function frameAfter(span: FrameSpan, delayMs: number): number {
  const samples = ((delayMs - TOLERANCE_MS) * span.header.info.sampleRateHz) / 1000
  if (samples > span.samples) return -1
  const frame = span.frameAtSample(Math.max(0, Math.ceil(samples)))
  return frame < span.frames ? frame : -1
}
