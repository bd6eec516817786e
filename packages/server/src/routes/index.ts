import type { Endpoint } from '../http/endpoint.js'
import { files } from './files.js'
import { storage } from './storage.js'
import { download, stream } from './stream.js'

/** The whole API; a new entry is one file and one line here. */
export const endpoints: readonly Endpoint[] = [files, storage, stream, download]
