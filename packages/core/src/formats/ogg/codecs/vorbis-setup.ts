import { VorbisBits, ilog } from './vorbis-bits.js'

/** Thrown and caught in this file: the setup header is broken. */
const BROKEN = new Error('broken Vorbis setup header')

/**
 * The block flag of each mode: whether packets of that mode have the long block. The modes are the last table of the
 * setup header and nothing says where they begin, so everything before them is read through.
 * @param packet - the setup header with its `\x05vorbis`
 * @param channels - from the identification header
 * @returns undefined when the header is broken; no decoder can play the stream then
 * @source Vorbis I §4.2.4
 */
export function readVorbisModes(packet: Uint8Array, channels: number): boolean[] | undefined {
  const bits = new VorbisBits(packet, 7)
  try {
    repeat(bits.read(8) + 1, () => skipCodebook(bits))
    repeat(bits.read(6) + 1, () => expect(bits.read(16) === 0))
    repeat(bits.read(6) + 1, () => skipFloor(bits))
    repeat(bits.read(6) + 1, () => skipResidue(bits))
    repeat(bits.read(6) + 1, () => skipMapping(bits, channels))
    const longBlocks: boolean[] = []
    repeat(bits.read(6) + 1, () => {
      longBlocks.push(bits.read(1) === 1)
      // window type, transform type, mapping
      expect(bits.read(16) === 0 && bits.read(16) === 0)
      bits.skip(8)
    })
    expect(bits.read(1) === 1 && !bits.exhausted)
    return longBlocks
  } catch (error) {
    if (error !== BROKEN) throw error
    return undefined
  }
}

/** @source Vorbis I §3.2.1 */
function skipCodebook(bits: VorbisBits): void {
  expect(bits.read(24) === 0x564342)
  const dimensions = bits.read(16)
  const entries = bits.read(24)
  const ordered = bits.read(1) === 1
  if (ordered) {
    bits.skip(5)
    for (let entry = 0; entry < entries;) {
      entry += bits.read(ilog(entries - entry))
      expect(entry <= entries && !bits.exhausted)
    }
  } else if (bits.read(1) === 1) {
    repeat(entries, () => {
      if (bits.read(1) === 1) bits.skip(5)
      expect(!bits.exhausted)
    })
  } else {
    bits.skip(5 * entries)
  }
  const lookupType = bits.read(4)
  expect(lookupType <= 2 && !bits.exhausted)
  if (lookupType === 0) return
  bits.skip(32 + 32)
  const valueBits = bits.read(4) + 1
  bits.skip(1)
  bits.skip(valueBits * (lookupType === 1 ? lookup1Values(entries, dimensions) : entries * dimensions))
  expect(!bits.exhausted)
}

/** The greatest number whose power `dimensions` is at most `entries`. @source Vorbis I §9.2.3 */
function lookup1Values(entries: number, dimensions: number): number {
  expect(dimensions > 0)
  let values = Math.floor(entries ** (1 / dimensions))
  // the root is a rounded number: mend it with whole ones
  while ((values + 1) ** dimensions <= entries) values++
  while (values > 0 && values ** dimensions > entries) values--
  return values
}

/** @source Vorbis I §6.2.1, §7.2.2 */
function skipFloor(bits: VorbisBits): void {
  const type = bits.read(16)
  expect(type <= 1 && !bits.exhausted)
  if (type === 0) {
    bits.skip(8 + 16 + 16 + 6 + 8)
    bits.skip(8 * (bits.read(4) + 1))
    return
  }
  const classOfPartition: number[] = []
  repeat(bits.read(5), () => classOfPartition.push(bits.read(4)))
  const dimensionsOfClass: number[] = []
  repeat(Math.max(-1, ...classOfPartition) + 1, () => {
    dimensionsOfClass.push(bits.read(3) + 1)
    const subclasses = bits.read(2)
    if (subclasses > 0) bits.skip(8)
    bits.skip(8 * 2 ** subclasses)
  })
  bits.skip(2)
  const rangeBits = bits.read(4)
  for (const classNumber of classOfPartition) bits.skip(rangeBits * dimensionsOfClass[classNumber])
}

/** @source Vorbis I §8.6.1 */
function skipResidue(bits: VorbisBits): void {
  expect(bits.read(16) <= 2)
  bits.skip(24 + 24 + 24)
  const classifications = bits.read(6) + 1
  bits.skip(8)
  let books = 0
  repeat(classifications, () => {
    const low = bits.read(3)
    const high = bits.read(1) === 1 ? bits.read(5) : 0
    for (let cascade = high * 8 + low; cascade > 0; cascade >>>= 1) books += cascade & 1
  })
  bits.skip(8 * books)
  expect(!bits.exhausted)
}

/** @source Vorbis I §4.2.4 "Mappings" */
function skipMapping(bits: VorbisBits, channels: number): void {
  expect(bits.read(16) === 0)
  const submaps = bits.read(1) === 1 ? bits.read(4) + 1 : 1
  if (bits.read(1) === 1) bits.skip((bits.read(8) + 1) * 2 * ilog(channels - 1))
  expect(bits.read(2) === 0)
  if (submaps > 1) bits.skip(4 * channels)
  bits.skip(submaps * (8 + 8 + 8))
  expect(!bits.exhausted)
}

function repeat(times: number, action: () => void): void {
  for (let index = 0; index < times; index++) action()
}

function expect(condition: boolean): void {
  if (!condition) throw BROKEN
}
