import type { NumberedStream } from '../../numbered/numbered-stream.js'
import type { NumberedStation, StationScript } from '../numbered-station.js'

/** A thing that stations do. */
export interface StreamFault {
  /** What happens, in a line. */
  readonly what: string
  /** What the listeners get, one after the other; the last script goes for all later ones, and plays on. */
  readonly scripts: readonly StationScript[]
  /** Streams that come on air beside the first: the fault calls {@link NumberedStation.change}, or sends them. */
  readonly others?: readonly NumberedStream[]
  /** Whether nothing is expected to be recorded before the fault is over. Default: something is, before and after. */
  readonly onlyAfter?: boolean
  /** How many whole frames beside it may be taken for torn ones, because nothing tells them from those. @defaultValue 0 */
  readonly doubtfulFrames?: number
  /** Whether the recorder must end the connection itself. Default false. */
  readonly mustBeNoticed?: boolean
  /** When the station answers: `connect` for faults that do not wait for a request. @defaultValue `'request'` */
  readonly answer?: 'request' | 'connect'
  /** What the station does while its listeners are there. */
  readonly meanwhile?: (station: NumberedStation) => Promise<void>
}

/** How long a good beginning lasts, in seconds. */
export const BEFORE_SECONDS = 1

/** Greets, plays for a while, and goes on with `then`. */
export function after(then: StationScript, seconds = BEFORE_SECONDS): StationScript {
  return async (listener) => {
    await listener.greet()
    await listener.play({ seconds })
    await then(listener)
  }
}
