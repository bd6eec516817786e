import { setTimeout as sleep } from 'node:timers/promises'

/**
 * CPU seconds of an hour of one stream, measured over `windowSeconds`.
 * @param {{ usedSeconds: number }} processes that record
 * @param {{ count: number, warmUpSeconds: number, windowSeconds: number }} options `count`: how many streams
 */
export async function costOf(processes, { count, warmUpSeconds, windowSeconds }) {
  await sleep(warmUpSeconds * 1000)
  const beganAt = performance.now()
  const before = processes.usedSeconds
  await sleep(windowSeconds * 1000)
  const seconds = (performance.now() - beganAt) / 1000
  return ((processes.usedSeconds - before) / seconds / count) * 3600
}
