import type { Format, Muxer, MuxerContext, MuxerCounts, MuxerEnd } from '../../formats/format.js'
import type { FrameSpan } from '../../formats/frame-span.js'
import type { HeaderCapture } from '../../formats/header-capture.js'
import type { EpochMs } from '../../model.js'
import { callPlugin } from './plugin-guard.js'

/** Nothing to add: the file stays as it grew, which is a file that players accept. */
const AS_IT_GREW: MuxerEnd = { tail: new Uint8Array(0), patches: [] }

/**
 * A muxer of one file that may fail. Every method throws `ISR_PLUGIN_FAILED` then; the counts are those of what it has given out,
 * whatever a call that failed has done to its own.
 */
export class GuardedMuxer {
  /** Bytes that open the file. */
  readonly head: Uint8Array
  /** See {@link Muxer.patchesHeadOnly}. */
  readonly patchesHeadOnly: boolean
  readonly #whose: string
  readonly #muxer: Muxer
  #counts!: MuxerCounts
  #isSound = true

  /** Makes the muxer and begins. */
  constructor(format: Format, header: HeaderCapture, context: MuxerContext) {
    this.#whose = `the muxer of format ${format.name}`
    this.#muxer = callPlugin(`format ${format.name}`, 'createMuxer', () => format.createMuxer(header, context))
    this.patchesHeadOnly = callPlugin(this.#whose, 'patchesHeadOnly', () => this.#muxer.patchesHeadOnly === true)
    this.head = this.#call('begin', () => bytesOf(this.#muxer.begin()))
  }

  /** Whether nothing has failed so far: the file is what its ledger line will say. */
  get isSound(): boolean {
    return this.#isSound
  }

  /** Counts of what it has given out; an object that does not change. */
  get counts(): MuxerCounts {
    return this.#counts
  }

  /** See {@link Muxer.mark}. */
  mark(title: string): void {
    this.#call('mark', () => this.#muxer.mark(title))
  }

  /** See {@link Muxer.retime}. */
  retime(startedAt: EpochMs): void {
    this.#call('retime', () => this.#muxer.retime(startedAt))
  }

  /** See {@link Muxer.write}. */
  write(span: FrameSpan): Uint8Array {
    return this.#call('write', () => bytesOf(this.#muxer.write(span)))
  }

  /** See {@link Muxer.end}. One that has failed is heard only when it counts what it gave out. */
  end(): MuxerEnd {
    const given = this.#counts
    const wasSound = this.#isSound
    const end = this.#call('end', () => {
      const { tail, patches } = this.#muxer.end()
      for (const { bytes } of patches) bytesOf(bytes)
      return { tail: bytesOf(tail), patches }
    })
    if (wasSound || this.#counts.frames === given.frames) return end
    this.#counts = given
    return AS_IT_GREW
  }

  #call<T>(method: string, call: () => T): T {
    try {
      const result = callPlugin(this.#whose, method, call)
      this.#counts = callPlugin(this.#whose, 'counts', () => copyOf(this.#muxer.counts))
      return result
    } catch (error) {
      this.#isSound = false
      throw error
    }
  }
}

/** A muxer may count in one object. */
function copyOf({ held, waitingFrames, ...counts }: MuxerCounts): MuxerCounts {
  const { frames, samples, prerollFrames, prerollSamples } = counts
  return {
    ...{ frames, samples, prerollFrames, prerollSamples },
    ...(held && { held: { ...held } }),
    ...(waitingFrames !== undefined && { waitingFrames }),
  }
}

function bytesOf(value: Uint8Array): Uint8Array {
  if (value instanceof Uint8Array) return value
  throw new TypeError('it gave no bytes')
}
