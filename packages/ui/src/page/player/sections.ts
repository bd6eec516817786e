import type { AnalyzeAnswer, FileRow } from '@isr/server/api'
import { byId, make } from '../dom.js'
import { say } from '../notices.js'
import { counted, LocalTime } from '../words.js'

type Section = AnalyzeAnswer['sections'][number]

/** What {@link Sections} tell. */
export interface SectionActions {
  /** Somebody wants to hear one. */
  play(section: Section): void
  /** Others are shown. */
  shown(sections: readonly Section[]): void
}

/** Detectors round to windows of 100 ms. */
const TOLERANCE_SECONDS = 0.1

/** What was found in a recording, as buttons: what stands out, or all of it. */
export class Sections {
  readonly #actions: SectionActions
  #row?: FileRow
  #analysis?: AnalyzeAnswer
  #heard: readonly number[] = []
  #isAll = false

  constructor(actions: SectionActions) {
    this.#actions = actions
  }

  /** Says something in their place. */
  tell(words: string): void {
    this.#analysis = undefined
    byId('sections').replaceChildren(...(words ? [make('p', { class: 'caption' }, words)] : []))
  }

  /** Shows those of a recording. */
  show(row: FileRow, analysis: AnalyzeAnswer): void {
    this.#row = row
    this.#analysis = analysis
    this.#isAll = false
    say(`Analysed, ${this.#title(this.#wanted())}`)
    this.#draw()
  }

  /** Which were heard: where marks are, in seconds. */
  heard(starts: readonly number[]): void {
    this.#heard = starts
    this.#draw()
  }

  #wanted(): readonly Section[] {
    const { sections = [], highlight_score: least } = this.#analysis ?? {}
    return this.#isAll || least === undefined ? sections : sections.filter(({ score }) => score >= least)
  }

  #title(sections: readonly Section[]): string {
    const isScored = this.#analysis?.highlight_score !== undefined
    return counted(sections.length, this.#isAll || !isScored ? 'section' : 'highlight')
  }

  #draw(): void {
    const [row, analysis] = [this.#row, this.#analysis]
    if (!row || !analysis) return
    const focused = (document.activeElement as HTMLElement | null)?.closest('#sections') && document.activeElement?.id
    const sections = this.#wanted()
    const chips = sections.map((section) => make('li', {}, this.#chip(row, section)))
    const toggle = make(
      'button',
      { type: 'button', id: 'all-sections', 'aria-pressed': String(this.#isAll), click: () => this.#toggle() },
      `All ${analysis.sections.length}`,
    )
    byId('sections').replaceChildren(
      make('h3', {}, this.#title(sections)),
      ...(analysis.highlight_score !== undefined && analysis.sections.length > 0 ? [toggle] : []),
      make('ul', { class: 'chips' }, ...chips),
    )
    if (focused) document.getElementById(focused)?.focus()
    this.#actions.shown(sections)
  }

  #toggle(): void {
    this.#isAll = !this.#isAll
    this.#draw()
    say(this.#title(this.#wanted()))
  }

  #chip(row: FileRow, section: Section): HTMLElement {
    const { start, end, score } = section
    const { time } = new LocalTime(row.startedAt, row.utcOffset, start)
    const isHeard = this.#heard.some((at) => at >= start - TOLERANCE_SECONDS && at < end)
    const words = `${time}, ${Math.round(score)} dB${isHeard ? ', heard' : ''}`
    const click = () => this.#actions.play(section)
    return make('button', { type: 'button', id: `section-${start}`, ...(isHeard && { class: 'heard' }), click }, words)
  }
}
