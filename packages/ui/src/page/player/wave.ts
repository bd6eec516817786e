import { barHeight } from '../level.js'
import { coloured } from './spectrum.js'

/** A stretch to mark. */
interface Mark {
  readonly start: number
  readonly end: number
}

/** What is drawn of a recording. */
export interface WaveContent {
  /** Root mean square of each point; null where there is no audio, or none yet. */
  readonly rms: readonly (number | null)[]
  /** How long the recording is. */
  readonly durationSeconds: number
}

/** What makes something loud, from there on. */
type Thresholds = readonly { readonly start: number; readonly rms: number }[]

/** Draws levels or frequencies, what is loud in them, and where the player is. */
export class Wave {
  readonly #canvas: HTMLCanvasElement
  #content: WaveContent = { rms: [], durationSeconds: 0 }
  #marks: readonly Mark[] = []
  #thresholds: Thresholds = []
  #picture?: Blob
  #image?: HTMLCanvasElement
  #atSeconds = 0

  /**
   * @param canvas - where it is drawn
   * @param onSeek - told where somebody clicked, in seconds
   */
  constructor(canvas: HTMLCanvasElement, onSeek: (seconds: number) => void) {
    this.#canvas = canvas
    canvas.addEventListener('click', ({ offsetX }) =>
      onSeek((offsetX / canvas.clientWidth) * this.#content.durationSeconds),
    )
    new ResizeObserver(() => this.#draw()).observe(canvas)
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => void this.showPicture(this.#picture))
  }

  /** Shows another recording: nothing of the one before stays. */
  clear(durationSeconds: number): void {
    this.#marks = this.#thresholds = []
    this.#picture = this.#image = undefined
    this.#atSeconds = 0
    this.show({ rms: [], durationSeconds })
  }

  /** Shows levels; of a recording that grows again and again. */
  show(content: WaveContent): void {
    this.#content = content
    this.#draw()
  }

  /** Marks what is loud, and draws the line above which it is. */
  mark(marks: readonly Mark[], thresholds: Thresholds): void {
    this.#marks = marks
    this.#thresholds = thresholds
    this.#draw()
  }

  /** Shows frequencies in the place of levels; levels again without a picture. */
  async showPicture(picture: Blob | undefined): Promise<void> {
    this.#picture = picture
    const { caretColor: hot, color: middle } = getComputedStyle(this.#canvas)
    const ground = getComputedStyle(this.#canvas.parentElement!).backgroundColor
    const image = picture && (await coloured(picture, { ground, middle, hot }))
    if (this.#picture !== picture) return
    this.#image = image
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
    const { durationSeconds } = this.#content
    if (!context || durationSeconds <= 0) return
    context.scale(scale, scale)
    // the colours of the page are resolved only where a property takes them
    const { caretColor: heat, textDecorationColor: ink } = getComputedStyle(this.#canvas)
    const xOf = (seconds: number) => (seconds / durationSeconds) * clientWidth
    if (this.#image) context.drawImage(this.#image, 0, 0, clientWidth, clientHeight)
    else this.#drawLevels(context, xOf)
    context.fillStyle = heat
    for (const { start, end } of this.#marks)
      context.fillRect(xOf(start), clientHeight - 3, Math.max(2, xOf(end - start)), 3)
    context.fillStyle = ink
    context.fillRect(xOf(this.#atSeconds), 0, 1.5, clientHeight)
  }

  #drawLevels(context: CanvasRenderingContext2D, xOf: (seconds: number) => number): void {
    const { clientWidth, clientHeight } = this.#canvas
    const { color: wave, caretColor: heat, textDecorationColor: ink } = getComputedStyle(this.#canvas)
    const { rms, durationSeconds } = this.#content
    const middle = clientHeight / 2
    const step = clientWidth / Math.max(1, rms.length)
    const heightOf = (level: number) => Math.max(1, barHeight(level) * (clientHeight - 12))
    for (const [index, level] of rms.entries()) {
      if (level === null) continue
      const from = (index / rms.length) * durationSeconds
      const to = ((index + 1) / rms.length) * durationSeconds
      context.fillStyle = this.#marks.some(({ start, end }) => start < to && end > from) ? heat : wave
      context.fillRect(index * step, middle - heightOf(level) / 2, Math.max(1, step - 0.3), heightOf(level))
    }
    context.strokeStyle = ink
    context.setLineDash([3, 3])
    context.beginPath()
    for (const [index, { start, rms: level }] of this.#thresholds.entries()) {
      const y = middle - heightOf(level) / 2
      context.lineTo(xOf(start), y)
      context.lineTo(xOf(this.#thresholds[index + 1]?.start ?? durationSeconds), y)
    }
    context.stroke()
    context.setLineDash([])
  }
}
