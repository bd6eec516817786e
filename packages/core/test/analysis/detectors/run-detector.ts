import type { Detector, Section } from '../../../src/analysis/detectors/detector.js'

/** The sections of a recording, all of whose levels come at once. */
export function detect(detector: Detector, rms: Float32Array): readonly Section[] {
  const detection = detector.start()
  detection.push(rms)
  return detection.finish()
}

/** Start and end of sections, in seconds. */
export function spans(sections: readonly Section[]): [number, number][] {
  return sections.map(({ startSeconds, endSeconds }) => [startSeconds, endSeconds])
}
