import { z } from 'zod'

const Kept = z.object({
  id: z.string(),
  kind: z.enum(['note', 'bookmark']),
  text: z.string(),
  file: z.string().optional(),
  start: z.number().optional(),
  end: z.number().optional(),
  source: z.string().optional(),
  at: z.string().optional(),
  createdAt: z.string(),
  updatedAt: z.string(),
})

/** A note or bookmark as it is kept. */
export type KeptNote = z.infer<typeof Kept>

/** What stands in `notes.json`. */
export const KeptNotes = z.object({
  v: z.literal(1),
  notes: z.array(Kept),
  /** Starts of the sections that were heard, in milliseconds, by recording. */
  heard: z.record(z.string(), z.array(z.number())),
})

/** What stands in `notes.json`. */
export type KeptNotes = z.infer<typeof KeptNotes>

/** Nothing yet. */
export const NO_NOTES: KeptNotes = { v: 1, notes: [], heard: {} }
