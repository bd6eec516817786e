/** A loud stretch of a recording. */
export interface Section {
  /** From the start of the recording, in seconds. */
  readonly startSeconds: number
  /** From the start of the recording, in seconds: the end of a window, so up to 0.1 s behind the last sample. */
  readonly endSeconds: number
  /** Highest RMS of a window in it; linear, 1 is full scale. */
  readonly peak: number
  /** How much it matters, in dB; only good for comparing sections of one detector. */
  readonly score: number
}

/** What the RMS of a window must reach to be loud, from here on until the next of these. */
export interface ThresholdStep {
  /** From the start of the recording, in seconds. */
  readonly startSeconds: number
  /** Linear, 1 is full scale. */
  readonly rms: number
}

/** One pass over the levels of one recording. The same levels give the same sections, however they are cut into blocks. */
export interface Detection {
  /** Takes the RMS over all channels of the next windows of 100 ms; linear, 1 is full scale. */
  push(rms: Float32Array): void
  /** Sections so far, in order of time; the last ones may still change while the recording grows. */
  readonly sections: readonly Section[]
  /** What made windows loud so far, in order of time: the line to draw over a waveform. The last ones may still change. */
  readonly thresholds: readonly ThresholdStep[]
  /** The recording is whole: the sections, in order of time. */
  finish(): readonly Section[]
}

/** Finds what mattered in a recording by its levels. */
export interface Detector {
  /** Stable name, such as `threshold` or `adaptive`. */
  readonly name: string
  /** Grows when the same levels would give other sections than before: what was cached is stale then. */
  readonly version: number
  /** Everything that decides, with units in the names: part of the key of a cached analysis. */
  readonly parameters: Readonly<Record<string, number>>
  /** Begins a recording. */
  start(): Detection
}
