import { FlacFrameDecoder } from './frame-decoder.js'

let decoder: FlacFrameDecoder | undefined

/** One for all who are done with what it gives before anybody else can run: each has a memory of its own. */
export function sharedFlacDecoder(): FlacFrameDecoder {
  decoder ??= new FlacFrameDecoder()
  return decoder
}
