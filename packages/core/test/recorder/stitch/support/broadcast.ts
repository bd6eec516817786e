import { SourceError } from '../../../../src/errors.js'
import { pageLength, parsePage } from '../../../../src/formats/ogg/page.js'
import type { Chunk } from '../../../../src/model.js'
import { Source, type Connection, type ConnectOptions } from '../../../../src/sources/source.js'
import { sleep } from '../../../../src/time/clock.js'
import { encodeKind, type AudioKind } from '../../../support/audio-kinds.js'

/** What is sent as one: a frame, or an Ogg page. */
interface Unit {
  readonly endByte: number
  readonly endSeconds: number
}

/** A programme that a station sends: its bytes, and when each was heard. */
export interface Programme {
  readonly kind: AudioKind
  readonly bytes: Uint8Array
  /** Every frame, in order. */
  readonly frames: readonly Uint8Array[]
  readonly units: readonly Unit[]
  /** Of Ogg: the pages that every listener gets first. */
  readonly headBytes: number
}

/** Ogg in pages of 0.2 s, as stations send it. */
export function makeProgramme(kind: AudioKind, seconds: number): Programme {
  const encoder = kind.encoder.replace('-f ogg', '-page_duration 200000 -f ogg')
  const bytes = encodeKind({ ...kind, encoder }, seconds)
  const isOgg = kind.format.name === 'ogg'
  const frames: Uint8Array[] = []
  const units: Unit[] = []
  let [at, heard] = [0, 0]
  const framer = kind.format.createFramer({
    onSpan(span) {
      at += span.overheadBytes
      for (let frame = 0; frame < span.frames; frame++) {
        frames.push(Uint8Array.from(span.frame(frame)))
        at += span.byteOffset(frame + 1) - span.byteOffset(frame)
        const endSeconds = heard + span.sampleOffset(frame + 1) / span.header.info.sampleRateHz
        if (!isOgg || frame === span.frames - 1) units.push({ endByte: at, endSeconds })
      }
      heard += span.durationSeconds
    },
    onDiscard: (count) => (at += count),
  })
  framer.push(bytes)
  framer.flush()
  return { kind, bytes, frames, units, headBytes: isOgg ? headOf(bytes) : 0 }
}

function headOf(bytes: Uint8Array): number {
  let at = 0
  for (;;) {
    const length = pageLength(bytes, at)
    const page = length > 0 ? parsePage(bytes.subarray(at, at + length)) : undefined
    if (!page || page.granule !== 0) return at
    at += length
  }
}

/** One connection to a station. */
export interface Reception {
  /** Audio of the past that comes at once, in seconds. */
  readonly burstSeconds: number
  /** The connection breaks so long after it began. Absent: never. */
  readonly cutAfterMs?: number
  /** Nothing comes any more so long after it began, and the connection stays. */
  readonly stallAfterMs?: number
  /** Bytes of the unit that was under way then. */
  readonly cutBytes?: number
  /** Bytes of its first frame that do not come. */
  readonly lateBytes?: number
  /** The station is not there for so long after the cut. */
  readonly downMs?: number
  /** How much later than on other ways everything comes. */
  readonly lagMs?: number
  /** Another programme than the station's first. */
  readonly programme?: Programme
}

/** A station on the air: whoever connects gets what was sent lately, then what is sent. */
export class Station extends Source {
  readonly #programme: Programme
  readonly #receptions: readonly Reception[]
  readonly #beganMs: number
  connects = 0
  #downUntilMs = -Infinity

  /** @param earlierMs - how long the programme has been on air when the clock stands at 0 */
  constructor(name: string, programme: Programme, receptions: readonly Reception[], earlierMs = 10_000) {
    super(name)
    this.#programme = programme
    this.#receptions = receptions
    this.#beganMs = -earlierMs
  }

  connect(options: ConnectOptions): Promise<Connection> {
    const { clock } = options
    if (clock.monotonicMs() < this.#downUntilMs)
      return Promise.reject(new SourceError('ISR_SOURCE_UNREACHABLE', 'down', { source: this.name }))
    const reception = this.#receptions[Math.min(this.connects++, this.#receptions.length - 1)]
    const gone = new AbortController()
    const signal = AbortSignal.any([options.signal, gone.signal])
    return Promise.resolve({
      contentType: '',
      facts: { url: `http://${this.name}/` },
      [Symbol.asyncIterator]: () => this.#send(reception, { ...options, signal }),
      [Symbol.asyncDispose]: () => {
        gone.abort()
        return Promise.resolve()
      },
    })
  }

  async *#send(reception: Reception, { clock, signal }: ConnectOptions): AsyncGenerator<Chunk> {
    const { burstSeconds, cutAfterMs = Infinity, cutBytes = 0, lateBytes = 0, downMs = 0, lagMs = 0 } = reception
    const { stallAfterMs = Infinity } = reception
    const programme = reception.programme ?? this.#programme
    const { bytes, headBytes } = programme
    const startMs = clock.monotonicMs()
    const onAir = (atMs: number) => endByte(programme, (atMs - lagMs - this.#beganMs) / 1000)
    const first = Math.max(headBytes, onAir(startMs - burstSeconds * 1000))
    if (headBytes > 0) yield { bytes: bytes.slice(0, headBytes) }
    let at = headBytes > 0 ? first : first + lateBytes
    for (;;) {
      const nowMs = Math.min(clock.monotonicMs(), startMs + stallAfterMs)
      const isCut = nowMs - startMs >= cutAfterMs
      const end = isCut ? Math.max(at, onAir(startMs + cutAfterMs) + cutBytes) : onAir(nowMs)
      if (end > at) yield { bytes: bytes.slice(at, end) }
      at = Math.max(at, end)
      if (isCut) {
        this.#downUntilMs = startMs + cutAfterMs + downMs
        throw new SourceError('ISR_SOURCE_RESET', 'cut', { source: this.name })
      }
      await sleep(clock, Math.min(100, Math.max(1, startMs + cutAfterMs - nowMs)), signal)
      if (signal.aborted) return
    }
  }
}

function endByte({ units, headBytes }: Programme, seconds: number): number {
  let [low, high] = [0, units.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (units[middle].endSeconds <= seconds) low = middle + 1
    else high = middle
  }
  return low === 0 ? headBytes : units[low - 1].endByte
}
