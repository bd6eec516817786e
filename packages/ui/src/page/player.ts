import type { AnalyzeAnswer, FileRow } from '@isr/server/api'
import { analyze, cutUrl, downloadUrl, freshStreamUrl, streamUrl } from './api.js'
import { bdi, byId, make } from './dom.js'
import { say, tellFault } from './notices.js'
import { Wave } from './wave.js'
import { bytes, counted, duration, LocalTime, parseSeconds } from './words.js'

/** Enough for something to have come. */
const REOPEN_MS = 1000
/** What is called the latest. */
const LATEST_SECONDS = 5

/** Plays one recording, shows what is loud in it, and cuts it. */
export class Player {
  readonly #audio = byId<HTMLAudioElement>('audio')
  readonly #cut = byId<HTMLFormElement>('cut')
  readonly #wave = new Wave(byId<HTMLCanvasElement>('wave'), (seconds) => this.#seek(seconds))
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
    byId('sections').replaceChildren()
    this.#showActions(row)
    this.#wave.show([], [], row.durationSeconds ?? 0)
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
    if (isWhole) this.#showActions(row)
  }

  /** Forgets a recording that is gone. */
  close(): void {
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
    byId('sections').replaceChildren(make('p', { class: 'caption' }, 'Analysing'))
    try {
      const analysis = await analyze(row.name, signal)
      if (!signal.aborted) this.#show(row, analysis)
    } catch (error) {
      if (signal.aborted) return
      byId('sections').replaceChildren(make('p', { class: 'caption' }, `Not analysed: ${(error as Error).message}`))
    }
  }

  #show(row: FileRow, { rms_display, sections, duration: seconds }: AnalyzeAnswer): void {
    this.#wave.show(rms_display, sections, seconds)
    const chips = sections.map(({ start, score }) => {
      const at = new LocalTime(row.startedAt, row.utcOffset, start)
      return make(
        'li',
        {},
        make('button', { type: 'button', click: () => this.#seek(start) }, `${at.time}, ${Math.round(score)} dB`),
      )
    })
    byId('sections').replaceChildren(
      make('h3', {}, counted(sections.length, 'highlight')),
      make('ul', { class: 'chips' }, ...chips),
    )
    say(`Analysed, ${counted(sections.length, 'highlight')}`)
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
