import type { ByteQuest } from '../formats/file-layout.js'

/** A tail that no driver has is given up below this. */
const LEAST_TAIL_BYTES = 1024

/** Bytes of a file and where they stand in it. */
export interface FilePart {
  readonly startByte: number
  readonly bytes: Uint8Array
}

/** The first `wantedBytes` of a file, fewer when it is shorter. */
export function* readHead(sizeBytes: number, wantedBytes: number): ByteQuest<Uint8Array> {
  return yield { startByte: 0, endByte: Math.min(sizeBytes, wantedBytes) }
}

/** The last `wantedBytes` before `sizeBytes`, none before `fromByte`; less when the driver has less. */
export function* readTail(fromByte: number, sizeBytes: number, wantedBytes: number): ByteQuest<FilePart> {
  for (let length = Math.min(wantedBytes, sizeBytes - fromByte); length > 0; length >>>= 1) {
    const startByte = sizeBytes - length
    const bytes = yield { startByte, endByte: sizeBytes }
    if (bytes.length > 0) return { startByte, bytes }
    if (length < LEAST_TAIL_BYTES) break
  }
  return { startByte: sizeBytes, bytes: new Uint8Array(0) }
}
