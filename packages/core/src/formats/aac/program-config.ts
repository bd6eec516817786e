import { BitReader } from '../../bytes/bit-reader.js'

/** Kind of a syntactic element: program config. */
const ID_PCE = 5

/**
 * Channels that the program config element at the start of a raw data block declares; 0 when none stands there.
 * @source ISO 14496-3 §4.4.1.1 table 4.2 program_config_element
 */
export function programConfigChannels(bytes: Uint8Array, at: number, end: number): number {
  const bits = new BitReader(bytes, at, end)
  if (bits.read(3) !== ID_PCE) return 0
  bits.skip(4 + 2 + 4) // element_instance_tag, object_type, sampling_frequency_index
  const front = bits.read(4)
  const side = bits.read(4)
  const back = bits.read(4)
  const lowFrequency = bits.read(2)
  bits.skip(3 + 4) // num_assoc_data_elements, num_valid_cc_elements
  if (bits.read(1)) bits.skip(4) // mono mixdown
  if (bits.read(1)) bits.skip(4) // stereo mixdown
  if (bits.read(1)) bits.skip(3) // matrix mixdown
  let channels = lowFrequency
  for (let element = 0; element < front + side + back; element++) {
    channels += bits.read(1) ? 2 : 1 // a pair, or a single channel
    bits.skip(4)
  }
  return bits.exhausted ? 0 : channels
}
