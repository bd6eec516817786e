import { ScriptedSource, type ScriptedStep } from '../../src/testing/scripted-source.js'

/** Samples a second: each is a hundredth, so that a day is small. */
export const COUNTING_RATE_HZ = 100
const CHUNK_SECONDS = 10

/** A live source of PCM in which each sample is its own number, so that none can be lost, doubled or moved unseen. */
export function countingSource(name: string, seconds: number): ScriptedSource {
  const pcm = { sampleRateHz: COUNTING_RATE_HZ, channels: 1, sampleFormat: 's32' } as const
  return new ScriptedSource(name, [{ pcm, steps: chunks(seconds) }])
}

function* chunks(seconds: number): Generator<ScriptedStep> {
  const length = CHUNK_SECONDS * COUNTING_RATE_HZ
  for (let from = 0; from < seconds * COUNTING_RATE_HZ; from += length) {
    const samples = Int32Array.from({ length }, (_, index) => from + index)
    yield { afterMs: CHUNK_SECONDS * 1000, bytes: new Uint8Array(samples.buffer) }
  }
}

/** The numbers of a WAV file that was recorded from it. */
export function countedSamples(file: Uint8Array, headerBytes: number): Int32Array {
  return new Int32Array(file.slice(headerBytes).buffer)
}
