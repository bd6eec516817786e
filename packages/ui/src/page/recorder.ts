import type { StatusAnswer } from '@isr/server/api'
import { byId } from './dom.js'
import { bytes } from './words.js'

/** Says what the recorder does. */
export function showRecorder({ recording, sources }: StatusAnswer): void {
  const place = byId('recorder')
  const growing = sources.filter(({ state }) => state === 'recording').length
  const stalled = sources.filter(({ state }) => state === 'waiting' || state === 'failed')
  const words = [
    ...(growing > 0 ? [`REC ${growing}`] : []),
    ...(stalled.length > 0 ? [`stalled: ${stalled.map(({ source }) => source).join(', ')}`] : []),
  ]
  place.dataset.state = growing > 0 ? 'recording' : 'idle'
  place.textContent = recording ? words.join(', ') || 'The recorder is starting' : 'No recorder runs here'
}

/** Says how much room is left. */
export function showSpace({ freeBytes, totalBytes }: { freeBytes: number; totalBytes: number }): void {
  byId('space').textContent = `${bytes(freeBytes)} of ${bytes(totalBytes)} free`
}
