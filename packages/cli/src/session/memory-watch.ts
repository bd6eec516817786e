import { giveMemoryBack, letHeapGrow, MANY_STREAMS } from '@isr/core'
import type { Clock, Listenable, RecorderEvents } from '@isr/core'

/** By then the collector has seen that what waited is written. */
const GIVE_BACK_MS = 30_000

/**
 * With many sources the heap may grow, for then the collector costs less; but not while audio waits in memory for a disk, which needs
 * it all. What that took goes back to the system.
 * @returns what ends it
 */
export function watchMemory(recorder: Listenable<RecorderEvents>, sources: number, clock: Clock): () => void {
  const late = new Set<string>()
  const isMany = sources >= MANY_STREAMS
  let cancel = () => {}
  if (isMany) letHeapGrow()
  const listener = ({ source, isLate }: Parameters<RecorderEvents['durability']>[0]): void => {
    if (isLate) late.add(source)
    else late.delete(source)
    cancel()
    if (isMany && isLate) letHeapGrow(false)
    if (late.size > 0) return
    const timer = clock.after(GIVE_BACK_MS, () => {
      if (isMany) letHeapGrow()
      void giveMemoryBack()
    })
    cancel = () => timer.cancel()
  }
  recorder.on('durability', listener)
  return () => {
    cancel()
    recorder.off('durability', listener)
  }
}
