import type { DaysAnswer, FileRow } from '@isr/server/api'
import { getStatus, getStorage, listDays, listFiles, remove, undo } from './api.js'
import { byId, make } from './dom.js'
import { listOfDays } from './list.js'
import { Live } from './live.js'
import { offerUndo, say, tellFault } from './notices.js'
import { Player } from './player/player.js'
import { showRecorder, showSpace } from './recorder.js'
import { counted } from './words.js'

const PAGE_ROWS = 200

/** The page: what is shown follows the events of the server. */
class Page {
  readonly #player = new Player()
  readonly #live = new Live()
  readonly #filter = byId<HTMLFormElement>('filter')
  #rows: readonly FileRow[] = []
  #days: DaysAnswer['days'] = []
  #total = 0
  #limit = PAGE_ROWS
  #pending = false

  start(): void {
    this.#filter.addEventListener('input', () => this.#soon())
    this.#filter.addEventListener('submit', (event) => event.preventDefault())
    byId('more').addEventListener('click', () => {
      this.#limit += PAGE_ROWS
      this.#soon()
    })
    const events = new EventSource('api/events')
    for (const name of ['library:added', 'library:changed', 'library:removed', 'state', 'reset'])
      events.addEventListener(name, () => this.#soon())
    for (const name of ['note:changed', 'note:removed'])
      events.addEventListener(name, () => this.#player.notesChanged())
    events.addEventListener('open', () => this.#soon())
    events.addEventListener('error', () => tellFault('No connection to the recorder. It goes on recording by itself.'))
    this.#soon()
  }

  /** Many events at once are one look. */
  #soon(): void {
    if (this.#pending) return
    this.#pending = true
    setTimeout(() => {
      this.#pending = false
      void this.#refresh()
    }, 250)
  }

  async #refresh(): Promise<void> {
    try {
      const query = this.#query()
      const [files, days, status, space] = await Promise.all([listFiles(query), listDays(), getStatus(), getStorage()])
      this.#rows = files.files
      this.#total = files.total
      this.#days = days.days
      showRecorder(status)
      this.#live.show(status.sources)
      this.#player.update(files.files)
      showSpace(space)
      this.#showSources()
      this.#show()
      tellFault('')
    } catch (error) {
      tellFault((error as Error).message)
    }
  }

  #query(): Record<string, string> {
    const data = new FormData(this.#filter)
    const [q, source] = [String(data.get('q') ?? ''), String(data.get('source') ?? '')]
    return { limit: String(this.#limit), ...(q && { q }), ...(source && { source }) }
  }

  #showSources(): void {
    const select = this.#filter.elements.namedItem('source') as HTMLSelectElement
    const names = [...new Set(this.#days.flatMap(({ sources }) => sources.map(({ source }) => source)))].sort()
    if (names.join('\n') === select.dataset.names) return
    const chosen = select.value
    select.dataset.names = names.join('\n')
    select.replaceChildren(
      make('option', { value: '' }, 'All'),
      ...names.map((name) => make('option', { value: name }, name)),
    )
    select.value = chosen
  }

  /** New rows must not take the focus away from where it is. */
  #show(): void {
    const focused = document.activeElement as HTMLElement | null
    const name = focused?.closest('#list')
      ? focused.closest('li')?.querySelector<HTMLElement>('[data-name]')?.dataset.name
      : undefined
    const label = focused?.getAttribute('aria-label')
    const list = listOfDays(this.#rows, this.#days, this.#player.name, {
      play: (row) => this.#play(row),
      remove: (row) => void this.#remove(row),
    })
    byId('list').replaceChildren(this.#rows.length > 0 ? list : this.#nothing())
    byId('shown').textContent = `${this.#rows.length} of ${counted(this.#total, 'recording')} shown`
    byId('more').hidden = this.#rows.length >= this.#total
    if (name !== undefined && label)
      byId('list')
        .querySelector<HTMLElement>(`[aria-label="${CSS.escape(label)}"]`)
        ?.focus()
  }

  #nothing(): HTMLElement {
    const isFiltered = Object.keys(this.#query()).length > 1
    return make('p', {}, isFiltered ? 'No recording matches.' : 'Nothing recorded yet.')
  }

  #play(row: FileRow): void {
    this.#player.open(row)
    this.#show()
  }

  async #remove(row: FileRow): Promise<void> {
    try {
      const { undo: id, undoUntil } = await remove(row)
      if (this.#player.name === row.name) this.#player.close()
      say('Deleted 1 recording. Undo is next')
      offerUndo('Deleted 1 recording', undoUntil, () => void this.#undo(id))
      await this.#refresh()
      byId('days').focus()
    } catch (error) {
      tellFault((error as Error).message)
    }
  }

  async #undo(id: string): Promise<void> {
    try {
      await undo(id)
      say('The recording is back')
      await this.#refresh()
    } catch (error) {
      tellFault((error as Error).message)
    }
  }
}

new Page().start()
