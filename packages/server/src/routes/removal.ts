import type { z } from 'zod'
import { RemovalAnswer, UndoAnswer, UndoBody } from '../api/removal.js'
import { endpoint } from '../http/endpoint.js'
import { HttpError } from '../http/http-error.js'
import { knownRecording } from '../listing/known-recording.js'
import { Named } from './named.js'

/** `DELETE /api/files/<name>` */
export const remove = endpoint({
  method: 'delete',
  path: '/api/files/*name',
  summary: 'Remove a recording and its analysis; for ten seconds it can come back',
  params: Named,
  answers: { 200: { description: 'It is out of the folder', schema: RemovalAnswer } },
  async handle({ params, response }, { library, removals, review }) {
    const entry = knownRecording({ library }, params.name)
    if (entry.active || entry.state === 'open')
      throw new HttpError(409, 'HTTP_RECORDING', 'it is being recorded: it can be removed when it is closed')
    if (await review.notes.isProtected(entry.name))
      throw new HttpError(409, 'HTTP_PROTECTED', 'it is protected: take that mark away first')
    const { name, source, run = '' } = entry
    const { id, undoUntil } = await removals.remove({ name, source, run, by: 'user' })
    await library.refresh()
    response.json({ name, undo: id, undoUntil: new Date(undoUntil).toISOString() } satisfies z.input<
      typeof RemovalAnswer
    >)
  },
})

/** `POST /api/undo` */
export const undo = endpoint({
  method: 'post',
  path: '/api/undo',
  summary: 'Bring a removed recording back',
  body: UndoBody,
  answers: { 200: { description: 'It is back', schema: UndoAnswer } },
  async handle({ body, response }, { library, removals }) {
    const name = await removals.undo(body.undo)
    if (name === undefined) throw new HttpError(410, 'HTTP_GONE', 'it is too late: the recording is gone')
    await library.refresh()
    response.json({ name } satisfies z.input<typeof UndoAnswer>)
  },
})
