import type { Loudness } from '../../analysis/loudness/loudness.js'
import { LoudnessMeter } from '../../analysis/loudness/loudness-meter.js'
import type { HeaderCapture } from '../../formats/header-capture.js'
import { WavHeader } from '../../formats/wav/header.js'
import type { Recording } from '../../model.js'
import type { FileTap, RecordingTap } from '../tap.js'

/** Measures the loudness of PCM while it is recorded. Other recordings are measured when they are analysed. */
export class LoudnessTap implements RecordingTap {
  readonly #onMeasured: (recording: Recording, loudness: Loudness) => void

  /** @param onMeasured - told once for each file, when it is complete */
  constructor(onMeasured: (recording: Recording, loudness: Loudness) => void) {
    this.#onMeasured = onMeasured
  }

  open(_recording: Recording, header: HeaderCapture): FileTap | undefined {
    if (!(header instanceof WavHeader)) return undefined
    const meter = new LoudnessMeter(header.layout)
    return {
      write: (span) => meter.push(span.bytes),
      close: (recording) => this.#onMeasured(recording, meter.loudness),
    }
  }
}
