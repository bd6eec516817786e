import { readFile, rename, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { writeFileAtomic, type Clock } from '@isr/core'
import { HttpError } from '../../http/http-error.js'
import { changeAlone } from './file-lock.js'
import { inTurn } from './in-turn.js'
import { KeptNotes, NO_NOTES } from './kept-notes.js'

/** A hundred thousand marks are a tenth of it. */
const MOST_BYTES = 16 << 20

/**
 * `notes.json`, replaced whole with each change and forced to disk before anybody is told: whatever happens, the old or the new one is
 * there. What another program or server has written meanwhile is read first.
 */
export class NotesFile {
  readonly #path: string
  readonly #onFault: (message: string) => void
  readonly #clock: Clock
  #notes: KeptNotes = NO_NOTES
  #mark = ''

  /**
   * @param clock - time
   * @param onFault - told of a file that is none; it is set aside before anything is written
   */
  constructor(path: string, clock: Clock, onFault: (message: string) => void) {
    this.#path = resolve(path)
    this.#clock = clock
    this.#onFault = onFault
  }

  /** What stands in it. @throws what the file system says */
  async read(): Promise<KeptNotes> {
    const mark = await markOf(this.#path)
    return mark === this.#mark ? this.#notes : inTurn(this.#path, () => this.#load())
  }

  /**
   * Changes it.
   * @param change - makes new notes of the old, which it leaves alone; the same = nothing to do
   * @throws {@link HttpError} 409 when there would be too many, 503 when another process writes for too long; {@link StorageError}
   */
  change(change: (notes: KeptNotes) => KeptNotes): Promise<void> {
    return changeAlone(this.#path, this.#clock, async () => {
      const before = await this.#load()
      const notes = change(before)
      if (notes === before) return
      const text = `${JSON.stringify(notes)}\n`
      if (Buffer.byteLength(text) > MOST_BYTES)
        throw new HttpError(409, 'HTTP_TOO_MANY_NOTES', 'there are too many notes: remove some first')
      await writeFileAtomic(this.#path, text, { isDurable: true })
      this.#notes = notes
      this.#mark = await markOf(this.#path)
    })
  }

  async #load(): Promise<KeptNotes> {
    const mark = await markOf(this.#path)
    if (mark === this.#mark) return this.#notes
    const notes = mark === '' ? NO_NOTES : parsed(await readFile(this.#path, 'utf8'))
    if (!notes) await this.#setAside()
    this.#notes = notes ?? NO_NOTES
    this.#mark = notes ? mark : ''
    return this.#notes
  }

  /** People's words are never written over. */
  async #setAside(): Promise<void> {
    const aside = `${this.#path}.broken-${(await stat(this.#path)).mtimeMs.toFixed(0)}`
    await rename(this.#path, aside)
    this.#onFault(`${this.#path} holds no notes: it is ${aside} now`)
  }
}

/** Which version of a file it is; empty when there is none. */
async function markOf(path: string): Promise<string> {
  try {
    const { mtimeMs, size, ino } = await stat(path)
    return `${mtimeMs} ${size} ${ino}`
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return ''
    throw error
  }
}

function parsed(text: string): KeptNotes | undefined {
  try {
    return KeptNotes.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}
