import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { ProtectedFile, type Clock, type Library } from '@isr/core'
import { knownRecording } from '../../listing/known-recording.js'
import type { Note, NoteBody, NoteChange } from '../../api/review/notes.js'
import { HttpError } from '../../http/http-error.js'
import { changeAlone } from './file-lock.js'
import type { KeptNote, KeptNotes } from './kept-notes.js'
import { removeLeftovers } from './leftovers.js'
import { markId, parseMarkId } from './mark-ids.js'
import { NotesFile } from './notes-file.js'

/** What {@link Notes} work with. */
export interface NotesOptions {
  /** Folder of the recordings. */
  readonly directory: string
  /** Folder of the analyses: the notes lie there. */
  readonly analysesDirectory: string
  /** The recordings. */
  readonly library: Pick<Library, 'get'>
  /** Time. */
  readonly clock: Clock
  /** A note is new or different. */
  readonly onChanged: (note: Note) => void
  /** A note is gone. */
  readonly onRemoved: (id: string) => void
  /** For whoever runs the server. */
  readonly onFault: (message: string) => void
}

/** Which notes are wanted; what is absent does not matter. */
export interface NotesWanted {
  readonly file?: string
  readonly from?: number
  readonly to?: number
  readonly source?: string
  readonly kinds?: readonly Note['kind'][]
}

const NOTES_NAME = 'notes.json'
/** A mark belongs to a section that begins a window earlier, too: detectors differ. */
const TOLERANCE_SECONDS = 0.1

/** Notes, bookmarks and marks of people. What is protected stands where those who remove recordings look for it. */
export class Notes {
  readonly #options: NotesOptions
  readonly #file: NotesFile
  readonly #protected: ProtectedFile

  constructor(options: NotesOptions) {
    this.#options = options
    this.#file = new NotesFile(join(options.analysesDirectory, NOTES_NAME), options.clock, options.onFault)
    this.#protected = new ProtectedFile(options.directory)
  }

  /** Removes what a crash has left. Never rejects. */
  async start(): Promise<void> {
    const { analysesDirectory, clock } = this.#options
    for (const path of [join(analysesDirectory, NOTES_NAME), this.#protected.path]) await removeLeftovers(path, clock)
  }

  /** Those that match, in the order of what they are about. */
  async find({ file, from, to, source, kinds }: NotesWanted): Promise<readonly Note[]> {
    const { notes, heard } = await this.#file.read()
    const isWanted = (kind: Note['kind']) => kinds?.includes(kind) ?? (kind !== 'heard' || file !== undefined)
    const found = notes.filter(({ kind }) => isWanted(kind)).map(noteOf)
    if (isWanted('protected')) for (const name of await this.#protected.read()) found.push(this.#protectedNote(name))
    if (isWanted('heard'))
      for (const [name, starts] of file === undefined ? Object.entries(heard) : [[file, heardOf(heard, file)] as const])
        for (const startMs of starts) found.push(this.#heardNote(name, startMs))
    const matches = (note: Note) => {
      const at = note.at === null ? undefined : Date.parse(note.at)
      return (
        (file === undefined || note.file === file) &&
        (source === undefined || note.source === source) &&
        (from === undefined || (at !== undefined && at >= from)) &&
        (to === undefined || (at !== undefined && at < to))
      )
    }
    return found.filter(matches).sort(byTime)
  }

  /** Adds one. @throws {@link HttpError} 404 for a recording that is not there, 409 when there are too many */
  async add({ kind, text, file, start, end, source, at }: NoteBody): Promise<Note> {
    const entry = file === undefined ? undefined : knownRecording(this.#options, file)
    if (kind === 'protected') return this.#protect(file!)
    if (kind === 'heard') return this.#hear(file!, Math.round(start! * 1000))
    const now = iso(this.#options.clock.now())
    const moment = at ?? (entry && entry.startedAt + (start ?? 0) * 1000)
    const from = source ?? entry?.source
    const note: KeptNote = {
      id: `n${randomBytes(9).toString('base64url')}`,
      kind,
      text,
      ...(file !== undefined && { file }),
      ...(start !== undefined && { start }),
      ...(end !== undefined && { end }),
      ...(from !== undefined && { source: from }),
      ...(moment !== undefined && { at: iso(moment) }),
      createdAt: now,
      updatedAt: now,
    }
    await this.#file.change((kept) => ({ ...kept, notes: [...kept.notes, note] }))
    return this.#told(noteOf(note))
  }

  /** Changes a note or bookmark. @throws {@link HttpError} 404, 400 for a mark and for what cannot be */
  async change(id: string, { text, start, end, at }: NoteChange): Promise<Note> {
    if (parseMarkId(id)) throw new HttpError(400, 'HTTP_BAD_REQUEST', 'a mark is there or not: nothing can be changed')
    let changed: KeptNote | undefined
    await this.#file.change((kept) => {
      const before = kept.notes.find((note) => note.id === id)
      if (!before) throw missing()
      changed = this.#changed(before, { text, start, end, at })
      const after = changed
      return { ...kept, notes: kept.notes.map((note) => (note === before ? after : note)) }
    })
    return this.#told(noteOf(changed!))
  }

  /** Removes a note or a mark. @throws {@link HttpError} 404 */
  async remove(id: string): Promise<void> {
    const mark = parseMarkId(id)
    if (mark?.kind === 'protected') await this.#unprotect(mark.file)
    else if (mark) await this.#file.change((kept) => withoutHeard(kept, mark.file, mark.startMs))
    else
      await this.#file.change((kept) => {
        const notes = kept.notes.filter((note) => note.id !== id)
        if (notes.length === kept.notes.length) throw missing()
        return { ...kept, notes }
      })
    this.#options.onRemoved(id)
  }

  /** Whether nothing may remove a recording. @throws {@link StorageError} when nobody knows: then nothing may */
  async isProtected(name: string): Promise<boolean> {
    return (await this.#protected.read()).has(name)
  }

  /** Tells whether a section was heard. */
  async heard(): Promise<(name: string, start: number, end: number) => boolean> {
    const { heard } = await this.#file.read()
    return (name, start, end) =>
      heardOf(heard, name).some((ms) => ms >= (start - TOLERANCE_SECONDS) * 1000 && ms < end * 1000)
  }

  /** A recording is gone for good: its marks go, the words of people stay. */
  async forget(name: string): Promise<void> {
    if (!Object.hasOwn((await this.#file.read()).heard, name)) return
    await this.#file.change((kept) => {
      if (!Object.hasOwn(kept.heard, name)) return kept
      const { [name]: _, ...heard } = kept.heard
      return { ...kept, heard }
    })
  }

  #changed(before: KeptNote, { text = before.text, start = before.start, end = before.end, at }: NoteChange): KeptNote {
    if (before.kind === 'note' && text.trim() === '')
      throw new HttpError(400, 'HTTP_BAD_REQUEST', 'text: a note needs words')
    if (start !== undefined && end !== undefined && end < start)
      throw new HttpError(400, 'HTTP_BAD_REQUEST', 'end: is before the start')
    const { library, clock } = this.#options
    const entry = before.file === undefined ? undefined : library.get(before.file)
    const moved = entry && start !== before.start ? entry.startedAt + (start ?? 0) * 1000 : before.at
    const moment = at ?? moved
    return {
      ...before,
      text,
      ...(start !== undefined && { start }),
      ...(end !== undefined && { end }),
      ...(moment !== undefined && { at: iso(moment) }),
      updatedAt: iso(clock.now()),
    }
  }

  async #protect(file: string): Promise<Note> {
    await changeAlone(this.#protected.path, this.#options.clock, async () => {
      const names = await this.#protected.read()
      if (!names.has(file)) await this.#protected.write([...names, file])
    })
    return this.#told(this.#protectedNote(file))
  }

  #unprotect(file: string): Promise<void> {
    return changeAlone(this.#protected.path, this.#options.clock, async () => {
      const names = await this.#protected.read()
      if (!names.has(file)) throw missing()
      await this.#protected.write([...names].filter((name) => name !== file))
    })
  }

  async #hear(file: string, startMs: number): Promise<Note> {
    await this.#file.change((kept) => {
      const known = heardOf(kept.heard, file)
      if (known.includes(startMs)) return kept
      const starts = [...known, startMs].sort((one, other) => one - other)
      return { ...kept, heard: Object.fromEntries([...Object.entries(kept.heard), [file, starts]]) }
    })
    return this.#told(this.#heardNote(file, startMs))
  }

  #protectedNote(file: string): Note {
    return this.#mark('protected', file, null, markId({ kind: 'protected', file }))
  }

  #heardNote(file: string, startMs: number): Note {
    return this.#mark('heard', file, startMs / 1000, markId({ kind: 'heard', file, startMs }))
  }

  #mark(kind: Note['kind'], file: string, start: number | null, id: string): Note {
    const entry = this.#options.library.get(file)
    const at = entry ? iso(entry.startedAt + (start ?? 0) * 1000) : null
    return { ...NOTHING, id, kind, file, start, source: entry?.source ?? null, at }
  }

  #told(note: Note): Note {
    this.#options.onChanged(note)
    return note
  }
}

const NOTHING = {
  text: '',
  file: null,
  start: null,
  end: null,
  source: null,
  at: null,
  createdAt: null,
  updatedAt: null,
} as const

function noteOf(kept: KeptNote): Note {
  return { ...NOTHING, ...kept }
}

/** Names are of people: one may be that of a property of every object. */
function heardOf(heard: KeptNotes['heard'], name: string): readonly number[] {
  return Object.hasOwn(heard, name) ? heard[name] : []
}

function withoutHeard(kept: KeptNotes, file: string, startMs: number): KeptNotes {
  const known = heardOf(kept.heard, file)
  if (!known.includes(startMs)) throw missing()
  const { [file]: _, ...others } = kept.heard
  const starts = known.filter((one) => one !== startMs)
  return { ...kept, heard: starts.length > 0 ? { ...others, [file]: starts } : others }
}

function missing(): HttpError {
  return new HttpError(404, 'HTTP_NOT_FOUND', 'there is no such note')
}

function byTime(one: Note, other: Note): number {
  return (one.at ?? '~') < (other.at ?? '~') ? -1 : one.at === other.at ? 0 : 1
}

function iso(at: number | string): string {
  return new Date(at).toISOString()
}
