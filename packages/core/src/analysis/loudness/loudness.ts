/**
 * How loud a recording is, as EBU R 128 has it. What cannot be told is absent: of silence, and of less than one block.
 * @source EBU R 128; ITU-R BS.1770-4; EBU Tech 3341, 3342
 */
export interface Loudness {
  /** Integrated (programme) loudness, in LUFS: blocks of 400 ms that are louder than -70 LUFS and than 10 LU below the rest. */
  readonly integratedLufs?: number
  /** Loudness range, in LU: from the 10th to the 95th percentile of blocks of 3 s. */
  readonly rangeLu?: number
  /** Loudest 400 ms, in LUFS. */
  readonly momentaryMaxLufs?: number
  /** Loudest 3 s, in LUFS. */
  readonly shortTermMaxLufs?: number
  /** Largest magnitude between the samples as well, in dB of full scale. */
  readonly truePeakDbtp?: number
}
