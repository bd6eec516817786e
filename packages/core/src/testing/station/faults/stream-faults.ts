import { ANSWERS } from './answers.js'
import { CONTENTS } from './contents.js'
import { ENDINGS } from './endings.js'
import { HEADS } from './heads.js'
import type { StreamFault } from './stream-fault.js'

/** Everything that a station may do wrong, by name, each as scripts for a {@link NumberedStation}. Outages are {@link NumberedStation.outage}. */
export const STREAM_FAULTS = {
  ...ENDINGS,
  ...ANSWERS,
  ...HEADS,
  ...CONTENTS,
} as const satisfies Readonly<Record<string, StreamFault>>

/** Name of a {@link STREAM_FAULTS}. */
export type StreamFaultName = keyof typeof STREAM_FAULTS
