import { setFlagsFromString } from 'node:v8'

/** With so many streams the collector costs as much as all that is done for their audio. */
export const MANY_STREAMS = 10

/** Memory that may come in use before the heap is collected again, in percent of what lives; 0 is V8's own rule. */
const GROWTH_PERCENT = 200

/**
 * Makes V8 collect the heap of this process more seldom, for a process that does little else than to record many streams: by
 * default it marks all of the heap for each 8 MB that are received, because received audio is memory that V8 counts but hardly sees.
 * Nor may it make objects where old ones are because their like lived long while streams began: from there they would hold all
 * audio that they ever held until the heap is marked. Costs about 40 MB of memory with a hundred streams, and saves a third of the CPU seconds.
 * Best called before the first recorder starts.
 *
 * @param may - false: as V8 does by itself again, from the next collection on
 */
export function letHeapGrow(may = true): void {
  setFlagsFromString(`--heap-growing-percent=${may ? GROWTH_PERCENT : 0}`)
  setFlagsFromString(`--${may ? 'no-' : ''}allocation-site-pretenuring`)
}

/**
 * Gives memory back to the system that the process has freed but keeps: what waited for a disk that hung. Where the C library or
 * `koffi` cannot, nothing happens. Never rejects.
 */
export async function giveMemoryBack(): Promise<void> {
  try {
    const { default: koffi } = await import('koffi')
    koffi.load(null).func('int malloc_trim(size_t pad)')(0)
  } catch {
    // only glibc has it
  }
}
