import type { Patch } from '../../model.js'
import { buildChunk, CHUNK_HEADER_BYTES, RIFF_HEADER_BYTES } from './riff.js'

/** What a size says that is not known, or does not fit 32 bits. */
export const UNKNOWN_SIZE = 0xffffffff
/** Body of `ds64` without a table, and of the JUNK chunk that holds its place. */
export const DS64_BODY_BYTES = 28

/** How much a WAV file holds. */
export interface WavExtent {
  /** Where its samples begin: right behind the header of the `data` chunk. */
  readonly headerBytes: number
  /** Where the `fact` chunk's count of samples stands; 0 when there is none. */
  readonly factOffset: number
  /** Bytes of samples. */
  readonly dataBytes: number
  /** Bytes behind the samples: padding and other chunks. */
  readonly tailBytes: number
  /** Samples per channel. */
  readonly samples: number
}

/**
 * What makes the sizes of a WAV file true. Past 4 GiB it becomes RF64: the JUNK chunk behind the RIFF header turns into `ds64`.
 * @source EBU Tech 3306
 */
export function wavSizePatches(extent: WavExtent): Patch[] {
  const riffBytes = extent.headerBytes + extent.dataBytes + extent.tailBytes - CHUNK_HEADER_BYTES
  return riffBytes < UNKNOWN_SIZE ? plainSizes(extent, riffBytes) : longSizes(extent, riffBytes)
}

function plainSizes({ headerBytes, factOffset, dataBytes, samples }: WavExtent, riffBytes: number): Patch[] {
  const patches = [
    { offsetBytes: 4, bytes: uint32(riffBytes) },
    { offsetBytes: headerBytes - 4, bytes: uint32(dataBytes) },
  ]
  if (factOffset > 0) patches.push({ offsetBytes: factOffset, bytes: uint32(samples) })
  return patches
}

function longSizes({ dataBytes, samples }: WavExtent, riffBytes: number): Patch[] {
  const ds64 = new Uint8Array(DS64_BODY_BYTES)
  const view = new DataView(ds64.buffer)
  for (const [index, value] of [riffBytes, dataBytes, samples].entries()) {
    view.setBigUint64(8 * index, BigInt(value), true)
  }
  const rf64 = Uint8Array.of(0x52, 0x46, 0x36, 0x34)
  return [
    { offsetBytes: RIFF_HEADER_BYTES, bytes: buildChunk('ds64', ds64) },
    { offsetBytes: 0, bytes: rf64 },
  ]
}

/** A 32-bit size as RIFF writes it. */
export function uint32(value: number): Uint8Array {
  const bytes = new Uint8Array(4)
  new DataView(bytes.buffer).setUint32(0, value, true)
  return bytes
}
