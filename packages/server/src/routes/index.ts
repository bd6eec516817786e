import type { Endpoint } from '../http/endpoint.js'
import { analyze } from './analyze.js'
import { config } from './config.js'
import { days } from './days.js'
import { clip, cut, exported } from './editing.js'
import { events } from './events.js'
import { files } from './files.js'
import { health } from './health.js'
import { live } from './live.js'
import { login, loginPage, logout } from './login.js'
import { metrics } from './metrics.js'
import { openApi } from './openapi.js'
import { remove, undo } from './removal.js'
import { status } from './status.js'
import { storage } from './storage.js'
import { download, stream } from './stream.js'

/** The whole API; a new entry is one file and one line here. */
export const endpoints: readonly Endpoint[] = [
  files,
  remove,
  undo,
  analyze,
  cut,
  clip,
  exported,
  days,
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
]
