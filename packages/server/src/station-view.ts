import type { Listenable, RecorderEvents, Station } from '@isr/core'

/** What the server needs of a recorder in its process: a {@link Station} has it. Without `live` nobody can listen to it. */
export type StationView = Pick<Station, 'status'> & Partial<Pick<Station, 'live'>> & Listenable<RecorderEvents>
