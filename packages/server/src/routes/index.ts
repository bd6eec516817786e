import type { Endpoint } from '../http/endpoint.js'
import { storage } from './storage.js'

/** The whole API; a new entry is one file and one line here. */
export const endpoints: readonly Endpoint[] = [storage]
