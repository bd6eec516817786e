import { FlacHeader } from '../../formats/flac/header.js'
import { buildFlacStreamInfo } from '../../formats/flac/blocks/streaminfo.js'
import type { FileLayout } from '../../formats/file-layout.js'
import type { HeaderCapture } from '../../formats/header-capture.js'
import { OggHeader } from '../../formats/ogg/header.js'
import { flacStreamInfo, OGG_STREAMINFO_OFFSET } from '../decode/flac-stream-info.js'

/** What a block may have at least, the last one excepted. @source RFC 9639 §8.2 */
export const MIN_BLOCK_SIZE = 16
const MAX_BLOCK_SIZE = 65535

/**
 * Tells how the frames of FLAC files that become one are numbered. Players multiply frame numbers by the block size: that is right
 * only where all blocks but the very last have one size. Else every frame carries the number of its first sample.
 */
export class FlacNumbering {
  #blockSize?: number
  #endsShort = false
  #bySample = false

  /** Adds the next file. Of another format it changes nothing. */
  add({ header, samples }: FileLayout): void {
    const info = header.info.codec === 'flac' ? flacStreamInfo(header) : undefined
    if (!info) return
    const varies = info.minBlockSize < info.maxBlockSize || (header instanceof FlacHeader && header.variableBlockSize)
    const differs = this.#blockSize !== undefined && this.#blockSize !== info.maxBlockSize
    this.#bySample ||= varies || differs || this.#endsShort
    this.#blockSize ??= info.maxBlockSize
    this.#endsShort = samples === undefined || samples % info.maxBlockSize !== 0
  }

  /** Whether frames must carry sample numbers. */
  get bySample(): boolean {
    return this.#bySample
  }
}

/** The header of a stream of FLAC as that of one whose frames carry sample numbers and whose blocks may have any size. */
export function numberedBySample(header: HeaderCapture): HeaderCapture {
  const known = flacStreamInfo(header)
  if (!known) return header
  const streamInfo = { ...known, minBlockSize: MIN_BLOCK_SIZE, maxBlockSize: MAX_BLOCK_SIZE }
  if (header instanceof FlacHeader) {
    const { packets, comment } = header
    return new FlacHeader({ streamInfo, variableBlockSize: true, packets, comment })
  }
  if (!(header instanceof OggHeader)) return header
  const first = header.packets[0].slice()
  first.set(buildFlacStreamInfo(streamInfo), OGG_STREAMINFO_OFFSET)
  return new OggHeader({ ...header, packets: [first, ...header.packets.slice(1)] })
}
