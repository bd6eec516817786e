import type { MuxerCounts } from '../../formats/format.js'

interface Step {
  readonly endByte: number
  readonly receivedBytes: number
  readonly counts: MuxerCounts
}

/** What of a file is durable, in whole writes: tells the truth about a file whose volume failed. */
export class UnsyncedTail {
  #steps: Step[] = []
  #durable: { receivedBytes: number; counts?: MuxerCounts } = { receivedBytes: 0 }

  /** A write that ends at `endByte` of the file. */
  add(endByte: number, receivedBytes: number, counts: MuxerCounts): void {
    this.#steps.push({ endByte, receivedBytes, counts })
  }

  /** Drops what is durable by now. */
  forget(durableBytes: number): void {
    let count = 0
    while (count < this.#steps.length && this.#steps[count].endByte <= durableBytes) {
      const step = this.#steps[count++]
      this.#durable = { receivedBytes: this.#durable.receivedBytes + step.receivedBytes, counts: step.counts }
    }
    if (count > 0) this.#steps.splice(0, count)
  }

  /** Received bytes and counts of the writes that lie wholly in the first `durableBytes`. */
  durable(durableBytes: number): { readonly receivedBytes: number; readonly counts?: MuxerCounts } {
    this.forget(durableBytes)
    const { receivedBytes, counts } = this.#durable
    return { receivedBytes: receivedBytes - (counts?.held?.bytes ?? 0), ...(counts && { counts }) }
  }
}
