import { z } from 'zod'
import { Note, NoteBody, NoteChange, NoteRemoved, NotesAnswer, NotesQuery } from '../../api/review/notes.js'
import { endpoint } from '../../http/endpoint.js'
import { notesCsv } from '../../review/notes/csv.js'
import { disposition } from '../../streaming/disposition.js'

const Id = z.object({ id: z.string().min(1).max(4000) })

/** `GET /api/notes` */
export const notes = endpoint({
  method: 'get',
  path: '/api/notes',
  summary: 'Notes, bookmarks and marks, as JSON or CSV',
  query: NotesQuery,
  answers: { 200: { description: 'Those that match; with `format=csv` as `text/csv`', schema: NotesAnswer } },
  async handle({ query, response }, { review }) {
    const { file, from, to, source, kind, format, limit, offset } = query
    const found = await review.notes.find({
      ...(file !== undefined && { file }),
      ...(from && { from: from.getTime() }),
      ...(to && { to: to.getTime() }),
      ...(source !== undefined && { source }),
      ...(kind !== undefined && { kinds: [kind].flat() }),
    })
    const page = found.slice(offset, offset + limit)
    response.setHeader('Cache-Control', 'private, no-cache')
    if (format === 'json') {
      response.json({ notes: page, total: found.length } satisfies z.input<typeof NotesAnswer>)
      return
    }
    response.setHeader('Content-Type', 'text/csv; charset=utf-8; header=present')
    response.setHeader('Content-Disposition', disposition('attachment', 'notes.csv'))
    response.send(notesCsv(page))
  },
})

/** `POST /api/notes` */
export const addNote = endpoint({
  method: 'post',
  path: '/api/notes',
  summary:
    'Add a note or a bookmark, protect a recording, mark a section as heard; marks that are there stay as they are',
  body: NoteBody,
  answers: { 201: { description: 'It is kept', schema: Note } },
  async handle({ body, response }, { review }) {
    response.status(201).json(await review.notes.add(body))
  },
})

/** `PUT /api/notes/<id>` */
export const changeNote = endpoint({
  method: 'put',
  path: '/api/notes/:id',
  summary: 'Change a note or a bookmark',
  params: Id,
  body: NoteChange,
  answers: { 200: { description: 'As it is now', schema: Note } },
  async handle({ params, body, response }, { review }) {
    response.json(await review.notes.change(params.id, body))
  },
})

/** `DELETE /api/notes/<id>` */
export const removeNote = endpoint({
  method: 'delete',
  path: '/api/notes/:id',
  summary: 'Remove a note or a mark',
  params: Id,
  answers: { 200: { description: 'It is gone', schema: NoteRemoved } },
  async handle({ params, response }, { review }) {
    await review.notes.remove(params.id)
    response.json({ id: params.id } satisfies z.input<typeof NoteRemoved>)
  },
})
