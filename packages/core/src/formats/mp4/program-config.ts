import { BitReader } from '../../bytes/bit-reader.js'
import type { BitWriter } from '../../bytes/bit-writer.js'

/** Kind of a syntactic element: program config. */
const ID_PCE = 5

/**
 * Copies the program config element that starts the raw data block at `offset` into an AudioSpecificConfig.
 * @returns false, nothing copied, when the block starts with another element
 * @source ISO 14496-3 §4.4.1.1 table 4.2 program_config_element
 */
export function copyProgramConfig(frame: Uint8Array, offset: number, out: BitWriter): boolean {
  const bits = new BitReader(frame, offset)
  if (bits.read(3) !== ID_PCE) return false
  const copy = (count: number): number => {
    const value = bits.read(count)
    out.write(value, count)
    return value
  }
  copy(4 + 2 + 4) // element_instance_tag, object_type, sampling_frequency_index
  const pairs = copy(4) + copy(4) + copy(4) // front, side, back: each a flag and a tag
  const lowFrequency = copy(2)
  const associated = copy(3)
  const coupling = copy(4)
  if (copy(1)) copy(4) // mono mixdown
  if (copy(1)) copy(4) // stereo mixdown
  if (copy(1)) copy(3) // matrix mixdown
  for (let element = 0; element < pairs; element++) copy(5)
  for (let element = 0; element < lowFrequency + associated; element++) copy(4)
  for (let element = 0; element < coupling; element++) copy(5)
  // both count from their own start
  bits.skip((8 - (bits.position % 8)) % 8)
  out.align()
  const commentBytes = copy(8)
  for (let byte = 0; byte < commentBytes; byte++) copy(8)
  return !bits.exhausted
}
