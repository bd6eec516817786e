import { monitorEventLoopDelay } from 'node:perf_hooks'

/**
 * Measures by how much this process is late, so that what a loaded or stopped machine adds is not blamed on what is tested.
 * @returns `stop`: the longest so far, in seconds
 */
export function startLateness(): { readonly stop: () => number } {
  const delay = monitorEventLoopDelay({ resolution: 10 })
  delay.enable()
  return {
    stop() {
      delay.disable()
      return delay.count === 0 ? 0 : delay.max / 1e9
    },
  }
}
