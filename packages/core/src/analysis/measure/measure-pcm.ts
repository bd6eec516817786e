import type { RecordedFile } from '../../editing/file-frames.js'
import type { WavHeader } from '../../formats/wav/header.js'
import { blockAlignBytes } from '../../formats/wav/layout.js'
import { expectedSeconds, takeTurns, type MeasureOptions } from './measure-options.js'
import type { Measurement } from './measurement.js'

/** Bytes between two turns of others. */
const TURN_BYTES = 4 << 20
/** Bytes read at a time where the thread may not block. */
const CHUNK_BYTES = 1 << 18

/** PCM is measured as it lies in the file. */
export async function measurePcm(
  file: RecordedFile,
  header: WavHeader,
  measurement: Measurement,
  { access, mayBlock, signal, onProgress }: MeasureOptions,
): Promise<void> {
  const { layout } = header
  const { framesStartByte, framesEndByte } = file.layout
  const frameBytes = blockAlignBytes(layout)
  const endByte = framesEndByte - ((framesEndByte - framesStartByte) % frameBytes)
  const totalSeconds = expectedSeconds(file)
  measurement.begin(layout, layout.sampleFormat)
  const wholeFrames = (bytes: number) => bytes - (bytes % frameBytes)
  const step = async (at: number): Promise<number> => {
    if (mayBlock && access.readSync) {
      return measurement.pushFrom((room) => {
        const wanted = Math.min(wholeFrames(room.length), endByte - at)
        return wholeFrames(access.readSync!(room.subarray(0, wanted), at))
      })
    }
    const bytes = await access.read(at, Math.min(endByte, at + wholeFrames(CHUNK_BYTES)))
    measurement.pushBytes(bytes.subarray(0, wholeFrames(bytes.length)))
    return wholeFrames(bytes.length)
  }
  let turnAt = framesStartByte
  for (let at = framesStartByte; at < endByte;) {
    const bytes = await step(at)
    if (bytes === 0) break // it has shrunk
    at += bytes
    if (at - turnAt < TURN_BYTES) continue
    turnAt = at
    onProgress?.({ doneSeconds: measurement.seconds, totalSeconds })
    await takeTurns(signal)
  }
}
