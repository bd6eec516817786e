import { z } from 'zod'
import { Moment } from './recordings.js'

/** Answer of `DELETE /api/files/<name>`. */
export const RemovalAnswer = z.object({
  name: z.string().describe('The recording that was removed'),
  undo: z.string().describe('Brings it back: `POST /api/undo`'),
  undoUntil: Moment.describe('Until then; it is gone for good afterwards'),
})

/** Body of `POST /api/undo`. */
export const UndoBody = z.object({ undo: z.string().max(100).describe('From the answer of the removal') })

/** Answer of `POST /api/undo`. */
export const UndoAnswer = z.object({ name: z.string().describe('The recording that is back') })
