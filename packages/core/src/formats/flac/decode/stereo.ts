/** Channel assignments beyond the independent ones. */
const LEFT_SIDE = 8
const SIDE_RIGHT = 9
const MID_SIDE = 10

/** The channel that holds left minus right and takes one bit more; -1 when there is none. */
export function sideChannelOf(channelAssignment: number): number {
  return channelAssignment < LEFT_SIDE ? -1 : channelAssignment === SIDE_RIGHT ? 0 : 1
}

/**
 * Turns the two coded channels into left and right, in place. Exact in wrapping arithmetic while differences fit 32 bits.
 * @source RFC 9639 §4.2
 */
export function restoreStereo(first: Int32Array, second: Int32Array, channelAssignment: number, size: number): void {
  if (channelAssignment === LEFT_SIDE) for (let i = 0; i < size; i++) second[i] = first[i] - second[i]
  else if (channelAssignment === SIDE_RIGHT) for (let i = 0; i < size; i++) first[i] = first[i] + second[i]
  else if (channelAssignment === MID_SIDE) {
    for (let i = 0; i < size; i++) {
      const side = second[i]
      const right = first[i] - (side >> 1)
      first[i] = right + side
      second[i] = right
    }
  }
}

/** The same for 32-bit channels, whose difference has 33 bits: `side` stands for the channel of {@link sideChannelOf}. */
export function restoreWideStereo(
  first: Int32Array,
  second: Int32Array,
  side: Float64Array,
  channelAssignment: number,
  size: number,
): void {
  if (channelAssignment === LEFT_SIDE) for (let i = 0; i < size; i++) second[i] = first[i] - side[i]
  else if (channelAssignment === SIDE_RIGHT) for (let i = 0; i < size; i++) first[i] = side[i] + second[i]
  else if (channelAssignment === MID_SIDE) {
    for (let i = 0; i < size; i++) {
      const right = first[i] - Math.floor(side[i] / 2)
      first[i] = right + side[i]
      second[i] = right
    }
  }
}
