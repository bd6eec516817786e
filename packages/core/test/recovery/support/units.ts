import type { MadeFile } from '../../formats/support/framing.js'
import type { AudioKind } from '../../support/audio-kinds.js'

/**
 * Where the whole units of a growing file end, told without the product's repair: pages by their own lengths, samples by arithmetic,
 * frames by the frames of the undamaged file, which stand back to back up to its end.
 * @returns for each unit its end and how many frames of audio there are up to it
 */
export function unitEnds(kind: AudioKind, file: MadeFile): { readonly endByte: number; readonly frames: number }[] {
  const { growing, headerBytes, counts } = file
  if (kind.format.name === 'ogg') return pageEnds(growing, counts.prerollFrames)
  if (kind.format.name === 'wav') {
    const blockAlign = (growing.length - headerBytes) / counts.frames
    return Array.from({ length: counts.frames }, (_, index) => ({
      endByte: headerBytes + (index + 1) * blockAlign,
      frames: index + 1,
    }))
  }
  const lengths = framesIn(kind, growing).map((frame) => frame.length)
  // they stand back to back up to the end
  let endByte = growing.length - lengths.reduce((sum, length) => sum + length, 0)
  return lengths
    .map((length, index) => ({ endByte: (endByte += length), frames: index + 1 - counts.prerollFrames }))
    .filter(({ frames }) => frames > 0)
}

/** @source RFC 3533 §6 */
function pageEnds(file: Uint8Array, prerollFrames: number): { readonly endByte: number; readonly frames: number }[] {
  const units: { endByte: number; frames: number }[] = []
  let packets = 0
  let headers = -1
  for (let at = 0; at < file.length;) {
    const laces = file.subarray(at + 27, at + 27 + file[at + 26])
    const body = at + 27 + laces.length
    const text = Buffer.from(file.buffer, file.byteOffset + body, 9).toString('latin1')
    if (headers < 0) headers = text.startsWith('OpusHead') ? 2 : text.startsWith('\x01vorbis') ? 3 : 1 + file[body + 8]
    packets += laces.filter((lace) => lace < 255).length
    at = body + laces.reduce((sum, lace) => sum + lace, 0)
    const frames = packets - headers - prerollFrames
    if (frames > 0) units.push({ endByte: at, frames })
  }
  return units
}

/** The frames in a file, each by itself. */
export function framesIn({ format }: AudioKind, file: Uint8Array): Uint8Array[] {
  const frames: Uint8Array[] = []
  const framer = format.createFramer({
    onSpan(span) {
      for (let index = 0; index < span.frames; index++) frames.push(span.frame(index))
    },
    onDiscard: () => {},
  })
  framer.push(file)
  framer.flush()
  return frames
}
