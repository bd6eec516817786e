import type { ByteQuest, FileReading, SeekPoint } from '../file-layout.js'
import { SyncFramer } from '../sync/frame-sync.js'
import { readExtent, walkFrames, type SyncLayout } from '../sync/sync-file.js'
import { adtsSync } from './framer.js'

/**
 * ADTS files. Their frames differ in size and carry neither number nor time: how long a file is, and where a sample stands, is
 * found by looking at every header from the start. Nothing is declared to be hidden.
 */
export const adtsFile: FileReading = {
  *inspect(sizeBytes): ByteQuest<SyncLayout | undefined> {
    const extent = yield* readExtent(adtsSync, sizeBytes)
    if (!extent) return undefined
    const { header, identity, framesStartByte, framesEndByte } = extent
    return { header, identity, framesStartByte, framesEndByte, prerollFrames: 0, hiddenSamples: 0 }
  },

  *seek(layout, sizeBytes, sample): ByteQuest<SeekPoint> {
    const from = { byte: layout.framesStartByte, sample: 0, frame: 0 }
    return yield* walkFrames(adtsSync, layout as SyncLayout, { from, sizeBytes }, sample)
  },

  resume(layout, _point, sink) {
    return new SyncFramer(adtsSync, sink, layout as SyncLayout)
  },

  resumesAnywhere: true,
}
