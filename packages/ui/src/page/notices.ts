import { byId, make } from './dom.js'

/** Tells a screen reader, and nobody else. */
export function say(text: string): void {
  byId('said').textContent = text
}

/** Shows what failed; an empty text takes it away. */
export function tellFault(text: string): void {
  const place = byId('fault')
  place.textContent = text
  place.hidden = text === ''
}

let timer: ReturnType<typeof setTimeout> | undefined

/** Offers to take something back, until then. */
export function offerUndo(text: string, until: string, onUndo: () => void): void {
  const place = byId('undo')
  const close = () => {
    clearTimeout(timer)
    place.hidden = true
  }
  const button = make('button', { type: 'button', click: () => (close(), onUndo()) }, 'Undo')
  place.replaceChildren(make('span', {}, text), button)
  place.hidden = false
  clearTimeout(timer)
  timer = setTimeout(close, Math.max(0, Date.parse(until) - Date.now()))
}
