import { z } from 'zod'
import { askedInt, AskedMoment } from '../asked.js'
import { Moment } from '../recordings.js'

/** What a mark is. */
export const NoteKind = z
  .enum(['note', 'bookmark', 'protected', 'heard'])
  .describe(
    '`note`: words; `bookmark`: a place; `protected`: a recording that nothing removes; `heard`: a section that somebody has listened to',
  )

const File = z.string().min(1).max(2000).describe('Name of the recording')
const Seconds = z.number().min(0).max(1e9)
const Text = z.string().max(4000).describe('Data, never markup')

/** A note or a mark. */
export const Note = z.object({
  id: z.string(),
  kind: NoteKind,
  text: Text,
  file: File.nullable(),
  start: Seconds.nullable().describe('From the start of the recording, in seconds'),
  end: Seconds.nullable().describe('From the start of the recording, in seconds'),
  source: z.string().nullable(),
  at: Moment.nullable().describe('Wall clock that it is about; null when nobody knows'),
  createdAt: Moment.nullable().describe('Null for marks'),
  updatedAt: Moment.nullable().describe('Null for marks'),
})

/** A note or a mark. */
export type Note = z.infer<typeof Note>

/** Query of `GET /api/notes`. */
export const NotesQuery = z.object({
  file: File.optional().describe('Only of this recording'),
  from: AskedMoment.optional().describe('Only what is about this moment or later'),
  to: AskedMoment.optional().describe('Only what is about an earlier moment'),
  source: z.string().max(500).optional().describe('Only of this source'),
  kind: z
    .union([NoteKind, z.array(NoteKind)])
    .optional()
    .describe('May be given several times; without it and without a file, all but `heard`'),
  format: z.enum(['json', 'csv']).default('json').describe('`csv`: for spreadsheets'),
  limit: askedInt(1, 100_000).default(10_000).describe('How many at most'),
  offset: askedInt(0, 1e9).default(0).describe('How many of the first to leave out'),
})

/** Answer of `GET /api/notes`. */
export const NotesAnswer = z.object({
  notes: z.array(Note).describe('In order of what they are about'),
  total: z.int().describe('How many match in all'),
})

/** Answer of `GET /api/notes`. */
export type NotesAnswer = z.infer<typeof NotesAnswer>

const Place = {
  file: File.optional(),
  start: Seconds.optional().describe('From the start of the recording, in seconds'),
  end: Seconds.optional().describe('From the start of the recording, in seconds'),
  source: z.string().min(1).max(500).optional(),
  at: z.iso.datetime({ offset: true }).optional().describe('Wall clock, for what belongs to no recording'),
}

/** Body of `POST /api/notes`. */
export const NoteBody = z
  .object({ kind: NoteKind.default('note'), text: Text.default(''), ...Place })
  .refine(({ kind, text }) => kind !== 'note' || text.trim() !== '', { path: ['text'], message: 'a note needs words' })
  .refine(({ file, at }) => file !== undefined || at !== undefined, {
    path: ['file'],
    message: 'a file or a moment (`at`) is needed',
  })
  .refine(({ kind, file }) => !isMark(kind) || file !== undefined, { path: ['file'], message: 'the mark needs a file' })
  .refine(({ kind, start }) => kind !== 'heard' || start !== undefined, {
    path: ['start'],
    message: 'the mark needs the start of the section',
  })
  .refine(({ start = 0, end }) => end === undefined || end >= start, { path: ['end'], message: 'is before the start' })

/** Body of `POST /api/notes`. */
export type NoteBody = z.output<typeof NoteBody>

/** Body of `PUT /api/notes/<id>`: what is absent stays as it is. */
export const NoteChange = z.object({ text: Text.optional(), start: Place.start, end: Place.end, at: Place.at })

/** Body of `PUT /api/notes/<id>`. */
export type NoteChange = z.output<typeof NoteChange>

/** Answer of `DELETE /api/notes/<id>`. */
export const NoteRemoved = z.object({ id: z.string() })

function isMark(kind: z.output<typeof NoteKind>): boolean {
  return kind === 'protected' || kind === 'heard'
}
