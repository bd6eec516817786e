/** A stretch to mark. */
interface Mark {
  readonly start: number
  readonly end: number
}

/** Draws levels, what is loud in them, and where the player is. */
export class Wave {
  readonly #canvas: HTMLCanvasElement
  #levels: readonly number[] = []
  #marks: readonly Mark[] = []
  #durationSeconds = 0
  #atSeconds = 0

  /**
   * @param canvas - where it is drawn
   * @param onSeek - told where somebody clicked, in seconds
   */
  constructor(canvas: HTMLCanvasElement, onSeek: (seconds: number) => void) {
    this.#canvas = canvas
    canvas.addEventListener('click', ({ offsetX }) => onSeek((offsetX / canvas.clientWidth) * this.#durationSeconds))
    new ResizeObserver(() => this.#draw()).observe(canvas)
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.#draw())
  }

  /** Shows a recording. */
  show(levels: readonly number[], marks: readonly Mark[], durationSeconds: number): void {
    this.#levels = levels
    this.#marks = marks
    this.#durationSeconds = durationSeconds
    this.#atSeconds = 0
    this.#draw()
  }

  /** Moves the playhead. */
  moveTo(seconds: number): void {
    this.#atSeconds = seconds
    this.#draw()
  }

  #draw(): void {
    const { clientWidth, clientHeight } = this.#canvas
    const scale = Math.min(2, devicePixelRatio)
    this.#canvas.width = clientWidth * scale
    this.#canvas.height = clientHeight * scale
    const context = this.#canvas.getContext('2d')
    if (!context || this.#durationSeconds <= 0) return
    context.scale(scale, scale)
    // the colours of the page are resolved only where a property takes them
    const { color: wave, caretColor: heat, textDecorationColor: ink } = getComputedStyle(this.#canvas)
    const middle = clientHeight / 2
    const step = clientWidth / Math.max(1, this.#levels.length)
    for (const [index, level] of this.#levels.entries()) {
      const seconds = (index / this.#levels.length) * this.#durationSeconds
      const isLoud = this.#marks.some(({ start, end }) => seconds >= start && seconds < end)
      context.fillStyle = isLoud ? heat : wave
      const height = Math.max(1, heightOf(level) * (clientHeight - 12))
      context.fillRect(index * step, middle - height / 2, Math.max(1, step - 0.3), height)
    }
    context.fillStyle = heat
    for (const { start, end } of this.#marks) {
      const x = (start / this.#durationSeconds) * clientWidth
      context.fillRect(x, clientHeight - 3, Math.max(2, ((end - start) / this.#durationSeconds) * clientWidth), 3)
    }
    context.fillStyle = ink
    context.fillRect((this.#atSeconds / this.#durationSeconds) * clientWidth, 0, 1.5, clientHeight)
  }
}

/** 0 to 1: -64 dBFS is nothing, -6 is all. */
function heightOf(rms: number): number {
  const db = 20 * Math.log10(Math.max(rms, 1e-9))
  return Math.min(1, Math.max(0, (db + 64) / 58)) ** 1.35
}
