import type { FileRow } from '@isr/server/api'
import { analyze, cutUrl, downloadUrl, freshStreamUrl, getPeaks, getSpectrogram, streamUrl } from '../api.js'
import { bdi, byId, make } from '../dom.js'
import { Marks } from './marks.js'
import { say, tellFault } from '../notices.js'
import { Sections } from './sections.js'
import { Wave } from './wave.js'
import { bytes, duration, LocalTime, parseSeconds } from '../words.js'

/** Enough for something to have come. */
const REOPEN_MS = 1000
/** What is called the latest. */
const LATEST_SECONDS = 5
const PEAK_POINTS = 800
/** A recording that grows is drawn again when so much has come, or a hundredth of it. */
const REDRAW_SECONDS = 2

/** Plays one recording, shows what is loud in it, and cuts it. */
export class Player {
  readonly #audio = byId<HTMLAudioElement>('audio')
  readonly #cut = byId<HTMLFormElement>('cut')
  readonly #wave = new Wave(byId<HTMLCanvasElement>('wave'), (seconds) => this.#seek(seconds))
  readonly #spectrum = byId<HTMLButtonElement>('spectrum')
  readonly #sections = new Sections({
    play: ({ start }) => {
      this.#seek(start)
      void this.#marks.hear(start)
    },
    shown: (sections) => this.#wave.mark(sections, this.#thresholds),
  })
  readonly #marks: Marks
  #thresholds: readonly { start: number; rms: number }[] = []
  #drawnSeconds = 0
  #row?: FileRow
  /** Whether it grew when the browser looked at its length. */
  #isOutdated = false
  #asking = new AbortController()

  constructor() {
    this.#audio.addEventListener('timeupdate', () => this.#wave.moveTo(this.#audio.currentTime))
    this.#audio.addEventListener('ended', () => this.#goOn())
    this.#cut.addEventListener('submit', (event) => {
      event.preventDefault()
      this.#download()
    })
    this.#spectrum.addEventListener('click', () => void this.#showSpectrum(!this.#isSpectrum))
    const audio = this.#audio
    this.#marks = new Marks({
      get atSeconds() {
        return Math.round(audio.currentTime * 100) / 100
      },
      seek: (seconds) => this.#seek(seconds),
      heard: (starts) => this.#sections.heard(starts),
    })
  }

  /** Name of what is in it. */
  get name(): string | undefined {
    return this.#row?.name
  }

  /** Takes a recording and plays it. */
  open(row: FileRow): void {
    this.#asking.abort()
    this.#asking = new AbortController()
    this.#row = row
    const started = new LocalTime(row.startedAt, row.utcOffset)
    byId('player').hidden = false
    byId('player-title').replaceChildren(bdi(row.source), `, ${started.day}, ${started.time}`)
    const facts = [row.durationSeconds === null ? '' : duration(row.durationSeconds), bytes(row.size), row.codec ?? '']
    byId('player-caption').replaceChildren(bdi(row.name), ` ${facts.filter(Boolean).join(', ')}`)
    this.#sections.tell('')
    this.#thresholds = []
    this.#spectrum.setAttribute('aria-pressed', 'false')
    this.#showActions(row)
    this.#wave.clear(row.durationSeconds ?? 0)
    this.#drawnSeconds = 0
    void this.#drawPeaks(row)
    this.#marks.open(row)
    this.#isOutdated = row.active
    this.#audio.src = row.active ? freshStreamUrl(row.name) : streamUrl(row.name)
    void this.#audio.play().catch(() => {})
    byId('player').scrollIntoView({ block: 'nearest' })
    if (row.active) return
    void this.#analyse(row)
  }

  /** A recording that grows is longer by now, or whole. */
  update(rows: readonly FileRow[]): void {
    const row = rows.find(({ name }) => name === this.#row?.name)
    if (!row || !this.#row) return
    const isWhole = this.#row.active && !row.active
    this.#row = row
    const seconds = row.durationSeconds ?? 0
    const isLonger = row.active && seconds > this.#drawnSeconds + Math.max(REDRAW_SECONDS, seconds / 100)
    if (isWhole) this.#showActions(row)
    if (isWhole || isLonger) void this.#drawPeaks(row)
    if (isWhole) void this.#analyse(row)
  }

  /** Somebody has changed notes or marks. */
  notesChanged(): void {
    void this.#marks.refresh()
  }

  /** Forgets a recording that is gone. */
  close(): void {
    this.#asking.abort()
    this.#row = undefined
    this.#audio.removeAttribute('src')
    this.#audio.load()
    byId('player').hidden = true
  }

  #showActions(row: FileRow): void {
    const latest = make(
      'button',
      { type: 'button', click: () => this.#reopen((end) => end - LATEST_SECONDS) },
      'Latest',
    )
    byId('player-actions').replaceChildren(
      make('a', { class: 'button', href: downloadUrl(row.name), download: true }, 'Download'),
      ...(row.active ? [latest, make('span', { class: 'rec' }, 'REC')] : [this.#analyseButton(row)]),
    )
  }

  /** The end of what was there when it was opened: more has come since. */
  #goOn(): void {
    const name = this.name
    const at = this.#audio.currentTime
    if (!this.#isOutdated) return
    const again = () => {
      if (this.#row?.name === name && this.#audio.ended) this.#reopen(() => at)
    }
    setTimeout(again, REOPEN_MS)
  }

  /** Browsers keep the length that a file had: it is opened anew, at the place that is made of its length now. */
  #reopen(place: (endSeconds: number) => number): void {
    if (!this.#row) return
    const audio = this.#audio
    this.#isOutdated = this.#row.active
    audio.src = freshStreamUrl(this.#row.name)
    const seek = () => {
      audio.currentTime = Math.max(0, Math.min(place(audio.duration), audio.duration))
      void audio.play().catch(() => {})
    }
    audio.addEventListener('loadedmetadata', seek, { once: true })
  }

  #analyseButton(row: FileRow): HTMLElement {
    return make('button', { type: 'button', click: () => void this.#analyse(row) }, 'Analyse')
  }

  async #analyse(row: FileRow): Promise<void> {
    const { signal } = this.#asking
    this.#sections.tell('Analysing')
    try {
      const analysis = await analyze(row.name, signal)
      if (signal.aborted) return
      this.#thresholds = analysis.thresholds ?? []
      this.#sections.show(row, analysis)
    } catch (error) {
      if (signal.aborted) return
      this.#sections.tell(`Not analysed: ${(error as Error).message}`)
    }
  }

  get #isSpectrum(): boolean {
    return this.#spectrum.getAttribute('aria-pressed') === 'true'
  }

  async #drawPeaks({ name, durationSeconds }: FileRow): Promise<void> {
    const { signal } = this.#asking
    const seconds = durationSeconds ?? 0
    if (seconds <= 0) return
    this.#drawnSeconds = seconds
    try {
      const { rms } = await getPeaks(name, seconds, PEAK_POINTS, signal)
      if (signal.aborted) return
      this.#wave.show({ rms, durationSeconds: seconds })
      if (this.#isSpectrum) await this.#showSpectrum(true)
    } catch (error) {
      if (!signal.aborted) tellFault(`No waveform: ${(error as Error).message}`)
    }
  }

  async #showSpectrum(isWanted: boolean): Promise<void> {
    this.#spectrum.setAttribute('aria-pressed', String(isWanted))
    const { signal } = this.#asking
    const row = this.#row
    try {
      const isShown = isWanted && row && this.#drawnSeconds > 0
      const picture = isShown ? await getSpectrogram(row.name, this.#drawnSeconds, signal) : undefined
      if (signal.aborted || this.#isSpectrum !== isWanted) return
      await this.#wave.showPicture(picture)
    } catch (error) {
      if (signal.aborted) return
      this.#spectrum.setAttribute('aria-pressed', 'false')
      tellFault(`No spectrogram: ${(error as Error).message}`)
    }
  }

  #seek(seconds: number): void {
    this.#audio.currentTime = seconds
    this.#wave.moveTo(seconds)
    void this.#audio.play().catch(() => {})
    const start = this.#cut.elements.namedItem('start') as HTMLInputElement
    const end = this.#cut.elements.namedItem('end') as HTMLInputElement
    start.value = Math.max(0, seconds - 1).toFixed(1)
    end.value = (seconds + 5).toFixed(1)
  }

  #download(): void {
    if (!this.#row) return
    const field = (name: string) => parseSeconds((this.#cut.elements.namedItem(name) as HTMLInputElement).value)
    const [start, end] = [field('start'), field('end')]
    if (!(start >= 0 && end > start)) {
      tellFault('Write where the cut begins and ends, such as 75.5 or 1:15.5; it must end after it begins.')
      return
    }
    const seconds = this.#row.durationSeconds
    if (!this.#row.active && seconds !== null && end > seconds) {
      tellFault(`This recording is ${seconds.toFixed(1)} s long: write an end within it.`)
      return
    }
    const link = make('a', { href: cutUrl(this.#row.name, start, end), download: true })
    link.click()
    say('Cut: the download begins')
  }
}
