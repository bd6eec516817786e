import type { DaysAnswer } from '@isr/server/api'
import { make } from './dom.js'
import { barHeightOfDb } from './level.js'

const DAY_SECONDS = 86_400
/** Height of the line of a source, as in the day rows of the design. */
const LINE_PX = 8
/** More sources share what is left. */
const MOST_LINES = 4

/** A day as a line for each source: when it recorded, and how loud that was. What it shows is told in words beside it. */
export function dayStrip({ sources }: DaysAnswer['days'][number]): HTMLElement {
  const shown = sources.slice(0, MOST_LINES)
  const canvas = make('canvas', {
    class: 'strip',
    'aria-hidden': 'true',
    width: 576,
    height: shown.length * LINE_PX * 2,
  })
  canvas.style.height = `${shown.length * LINE_PX}px`
  // colours are known when it is in the page
  requestAnimationFrame(() => draw(canvas, shown))
  return canvas
}

function draw(canvas: HTMLCanvasElement, sources: DaysAnswer['days'][number]['sources']): void {
  const context = canvas.getContext('2d')
  if (!context || !canvas.isConnected) return
  const { color: wave, caretColor: lane } = getComputedStyle(canvas)
  const line = canvas.height / sources.length
  for (const [index, { spans, levels = [] }] of sources.entries()) {
    const top = index * line
    context.fillStyle = lane
    for (const [from, to] of spans) {
      const x = (from / DAY_SECONDS) * canvas.width
      context.fillRect(x, top, Math.max(1, ((to - from) / DAY_SECONDS) * canvas.width), line - 2)
    }
    context.fillStyle = wave
    const step = canvas.width / Math.max(1, levels.length)
    for (const [slot, level] of levels.entries()) {
      if (level === null) continue
      const height = Math.max(1, barHeightOfDb(level) * (line - 2))
      context.fillRect(slot * step, top + line - 2 - height, step, height)
    }
  }
}
