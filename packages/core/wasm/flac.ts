// FLAC frames, one at a time, in memory that this module lays out: planes of 32-bit samples, a plane of 64-bit ones (the side
// channel of 32-bit audio has 33), the interleaved samples, and the frame itself. Nothing is written outside of them, whatever the frame says.
import { bitsRead, isExhausted, openBits, PADDING_BYTES, skip } from './lib/bits'
import {
  LEFT_SIDE,
  PCM_SLACK_BYTES,
  restorePlanes,
  restoreWide,
  scalePlane,
  SIDE_RIGHT,
  spreadPlane,
  weavePlanes,
} from './lib/flac-output'
import { decodeSubframe, skipSubframe } from './lib/flac-subframe'
import { growTo } from './lib/room'

const MAX_CHANNELS: usize = 8
const FOOTER_BYTES = 2
const INDEPENDENT = 0

const planes: usize = (__heap_base + 63) & ~63
/** Samples that there is room for. */
let roomSamples: usize = 0
let roomChannels: usize = 0
let wide: usize = 0
let output: usize = 0
let input: usize = 0

/** What was decoded last. */
let blockSize: i32 = 0
let channels: i32 = 0
/** Channel assignment of the planes as they stand. */
let assignment: i32 = INDEPENDENT

/** Makes room for a frame of so many bytes and samples. @returns where its bytes go */
export function reserve(frameBytes: usize, samples: usize, channelCount: usize): usize {
  if (samples > roomSamples || channelCount > roomChannels || input === 0) {
    roomSamples = max((samples + 15) & ~15, roomSamples)
    roomChannels = max(min(channelCount, MAX_CHANNELS), roomChannels)
    wide = planes + roomChannels * (roomSamples << 2)
    output = wide + (roomSamples << 3)
    input = (output + roomChannels * (roomSamples << 2) + PCM_SLACK_BYTES + 15) & ~15
  }
  growTo(input + frameBytes + PADDING_BYTES)
  return input
}

/** Where the samples of a channel stand, {@link restore}d or not. */
export function planeAt(channel: usize): usize {
  return planes + channel * (roomSamples << 2)
}

/**
 * Decodes the frame whose bytes were put where {@link reserve} said.
 * @param headerBytes - of its header, which is the caller's to read
 * @returns 0 when it breaks the rules or is not exactly `frameBytes` long
 */
export function decode(
  frameBytes: i32,
  headerBytes: i32,
  samples: i32,
  count: i32,
  channelAssignment: i32,
  bits: i32,
): i32 {
  openBits(input, frameBytes)
  skipBytes(headerBytes)
  blockSize = samples
  channels = count
  assignment = channelAssignment < LEFT_SIDE ? INDEPENDENT : channelAssignment
  const side = sideOf(channelAssignment)
  for (let channel = 0; channel < count; channel++) {
    const width = bits + (channel === side ? 1 : 0)
    const whole =
      width > 32 ? decodeSubframe<i64>(wide, samples, width) : decodeSubframe<i32>(planeAt(channel), samples, width)
    if (!whole) return 0
  }
  if (((bitsRead() + 7) >> 3) + FOOTER_BYTES !== frameBytes) return 0
  if (side >= 0 && bits === 32) {
    restoreWide(assignment, planeAt(0), planeAt(1), wide, samples)
    assignment = INDEPENDENT
  }
  return 1
}

/**
 * The size of the frame that starts the bytes put where {@link reserve} said, by its codes alone.
 * @returns -1 when no frame can begin like this, 0 when it needs more than `bytes`
 */
export function measure(
  bytes: i32,
  headerBytes: i32,
  samples: i32,
  count: i32,
  channelAssignment: i32,
  bits: i32,
): i32 {
  openBits(input, bytes)
  skipBytes(headerBytes)
  const side = sideOf(channelAssignment)
  for (let channel = 0; channel < count; channel++) {
    const valid = skipSubframe(samples, bits + (channel === side ? 1 : 0))
    if (isExhausted() || bitsRead() > (bytes as i64) << 3) return 0
    if (!valid) return -1
  }
  const size = (((bitsRead() + 7) >> 3) as i32) + FOOTER_BYTES
  return size > bytes ? 0 : size
}

/** Makes the planes of what was decoded those of its channels. */
export function restore(): void {
  restorePlanes(assignment, planeAt(0), planeAt(1), blockSize)
  assignment = INDEPENDENT
}

/** Interleaves what was decoded, little-endian, `bytes` bytes a sample. @returns where it stands */
export function interleave(bytes: i32): usize {
  if (channels === 2 && (bytes === 2 || bytes === 3)) {
    weavePlanes(assignment, bytes, planeAt(0), planeAt(1), output, blockSize)
    return output
  }
  restore()
  const step = (channels * bytes) as usize
  for (let channel = 0; channel < channels; channel++) {
    spreadPlane(planeAt(channel), bytes, output + ((channel * bytes) as usize), step, blockSize)
  }
  return output
}

/** Turns the planes of what was decoded into floats, in place; nothing else can be had of it then. */
export function toFloats(scale: f32): void {
  restore()
  for (let channel = 0; channel < channels; channel++) scalePlane(planeAt(channel), planeAt(channel), scale, blockSize)
}

function skipBytes(count: i32): void {
  for (let left = count; left > 0; left--) skip(8)
}

/** The channel that holds left minus right and takes one bit more; -1 when there is none. */
function sideOf(channelAssignment: i32): i32 {
  return channelAssignment < LEFT_SIDE ? -1 : channelAssignment === SIDE_RIGHT ? 0 : 1
}
