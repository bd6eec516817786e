import type { FileRow, Note } from '@isr/server/api'
import { addNote, listNotes, removeNote } from '../api.js'
import { byId, make } from '../dom.js'
import { say, tellFault } from '../notices.js'
import { LocalTime } from '../words.js'

/** What {@link Marks} need of the player. */
export interface MarkPlayer {
  /** Where it is, in seconds. */
  readonly atSeconds: number
  /** Goes there. */
  seek(seconds: number): void
  /** Sections are heard where these are. */
  heard(starts: readonly number[]): void
}

/** Notes, bookmarks and marks of one recording. */
export class Marks {
  readonly #player: MarkPlayer
  readonly #form = byId<HTMLFormElement>('note')
  readonly #protect = byId<HTMLButtonElement>('protect')
  #row?: FileRow
  #notes: readonly Note[] = []

  constructor(player: MarkPlayer) {
    this.#player = player
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault()
      void this.#addNote()
    })
    byId('bookmark').addEventListener('click', () => void this.#add('bookmark', 'Bookmark kept'))
    this.#protect.addEventListener('click', () => void this.#toggleProtected())
  }

  /** Shows those of another recording. */
  open(row: FileRow): void {
    this.#row = row
    this.#notes = []
    this.#draw()
    void this.refresh()
  }

  /** Somebody may have changed them. */
  async refresh(): Promise<void> {
    const row = this.#row
    if (!row) return
    try {
      const { notes } = await listNotes(row.name)
      if (this.#row?.name !== row.name) return
      this.#notes = notes
      this.#draw()
    } catch (error) {
      tellFault((error as Error).message)
    }
  }

  /** Somebody listens to a section. */
  async hear(start: number): Promise<void> {
    if (!this.#notes.some((note) => note.kind === 'heard' && note.start === start))
      await this.#add('heard', '', { start })
  }

  async #addNote(): Promise<void> {
    const field = this.#form.elements.namedItem('text') as HTMLInputElement
    const text = field.value.trim()
    if (text === '') return tellFault('Write the words of the note first.')
    if (await this.#add('note', 'Note kept', { start: this.#player.atSeconds, text })) field.value = ''
  }

  async #add(kind: Note['kind'], words: string, more: { start?: number; text?: string } = {}): Promise<boolean> {
    const place = kind === 'bookmark' ? { start: this.#player.atSeconds } : {}
    return this.#change(words, (file) => addNote({ kind, file, ...place, ...more }))
  }

  async #toggleProtected(): Promise<void> {
    const mark = this.#notes.find(({ kind }) => kind === 'protected')
    if (mark) await this.#change('Not protected any more', () => removeNote(mark.id))
    else await this.#add('protected', 'Protected: nothing removes it')
  }

  async #change(words: string, change: (file: string) => Promise<unknown>): Promise<boolean> {
    if (!this.#row) return false
    try {
      await change(this.#row.name)
      if (words) say(words)
      await this.refresh()
      return true
    } catch (error) {
      tellFault((error as Error).message)
      return false
    }
  }

  #draw(): void {
    this.#protect.setAttribute('aria-pressed', String(this.#notes.some(({ kind }) => kind === 'protected')))
    const words = this.#notes.filter(({ kind }) => kind === 'note' || kind === 'bookmark')
    byId('notes').replaceChildren(...words.map((note) => this.#item(note)))
    this.#player.heard(this.#notes.flatMap(({ kind, start }) => (kind === 'heard' && start !== null ? start : [])))
  }

  #item({ id, text, kind, start }: Note): HTMLElement {
    const { startedAt, utcOffset } = this.#row!
    const time = start === null ? 'Whole recording' : new LocalTime(startedAt, utcOffset, start).time
    const click = () => this.#player.seek(start ?? 0)
    const what = kind === 'bookmark' && text === '' ? 'Bookmark' : text
    return make(
      'li',
      {},
      make('button', { type: 'button', 'aria-label': `Go to ${time}`, click }, time),
      make('bdi', {}, what),
      make(
        'button',
        { type: 'button', 'aria-label': `Remove ${kind} at ${time}`, click: () => void this.#remove(id) },
        'Remove',
      ),
    )
  }

  async #remove(id: string): Promise<void> {
    if (await this.#change('Removed', () => removeNote(id))) byId('bookmark').focus()
  }
}
