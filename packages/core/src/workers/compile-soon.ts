import { setFlagsFromString } from 'node:v8'

/** Bytes of bytecode that a function runs before V8 looks whether it is hot; by default 132 KB. */
const BUDGET_BYTES = 4000

/**
 * Makes V8 compile sooner what is run again and again, for a process that does little else than to record: it wakes up once a second,
 * does the same few things, and takes ten minutes until V8 has seen often enough what they are. Costs some MB of memory. Best called
 * before the first recorder starts.
 */
export function compileSoon(): void {
  setFlagsFromString(`--interrupt-budget=${BUDGET_BYTES}`)
}
