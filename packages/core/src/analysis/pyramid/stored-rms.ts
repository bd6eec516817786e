import { overallRms, type LevelBlock } from '../levels/levels.js'
import { decodeLevel, encodeLevel } from './level-code.js'

/**
 * Root mean square over all channels of each window, as a file of levels will tell it later: so the same sections are found while it is
 * recorded, in the audio, and in the levels that were kept. It is off by 0.005 dB at most.
 */
export function storedRms({ channels, rms, peak }: LevelBlock): Float32Array {
  return overallRms({ channels, rms: rms.map((level) => decodeLevel(encodeLevel(level))), peak })
}
