import type { Endpoint } from '../http/endpoint.js'
import { analyze } from './sound/analyze.js'
import { config } from './server/config.js'
import { days } from './review/days.js'
import { addNote, changeNote, notes, removeNote } from './review/notes.js'
import { peaks } from './review/peaks.js'
import { sections } from './review/sections.js'
import { spectrogram } from './review/spectrogram.js'
import { clip, cut, exported } from './sound/editing.js'
import { events } from './recorder/events.js'
import { files } from './files.js'
import { m3u } from './feed/m3u.js'
import { rss } from './feed/rss.js'
import { health } from './recorder/health.js'
import { live } from './recorder/live.js'
import { login, loginPage, logout } from './server/login.js'
import { metrics } from './recorder/metrics.js'
import { openApi } from './server/openapi.js'
import { remove, undo } from './removal.js'
import { status } from './recorder/status.js'
import { storage } from './server/storage.js'
import { download, stream } from './sound/stream.js'

/** The whole API; a new entry is one file and one line here. */
export const endpoints: readonly Endpoint[] = [
  files,
  remove,
  undo,
  analyze,
  cut,
  clip,
  exported,
  peaks,
  spectrogram,
  days,
  sections,
  notes,
  addNote,
  changeNote,
  removeNote,
  status,
  events,
  live,
  storage,
  config,
  health,
  loginPage,
  login,
  logout,
  metrics,
  openApi(() => endpoints),
  stream,
  download,
  m3u,
  rss,
]
