/**
 * The HTTP API as types and zod schemas, shared with everyone who speaks it.
 * @packageDocumentation
 */
export { AnalyzeAnswer, AnalyzeQuery, SectionRow } from './api/analysis.js'
export { CutQuery, ExportQuery, SpanQuery } from './api/editing.js'
export { Day, DaysAnswer, DaysQuery } from './api/days.js'
export { ErrorBody } from './api/error.js'
export { FileRow, FilesAnswer, FilesQuery, Moment } from './api/recordings.js'
export { RemovalAnswer, UndoAnswer, UndoBody } from './api/removal.js'
export { Note, NoteBody, NoteChange, NoteKind, NoteRemoved, NotesAnswer, NotesQuery } from './api/review/notes.js'
export { PeaksAnswer, PeaksQuery } from './api/review/peaks.js'
export { SectionsAnswer, SectionsQuery } from './api/review/sections.js'
export { SpectrogramQuery } from './api/review/spectrogram.js'
export { SourceStatus, StatusAnswer } from './api/status.js'
export { StorageAnswer } from './api/storage.js'
