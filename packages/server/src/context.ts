import type { Analyzer, Clock, Editor, Library, RemovalDesk } from '@isr/core'
import type { Logger } from 'pino'
import type { CostlyQueue } from './costly/queue.js'
import type { EventHub } from './events/event-hub.js'
import type { Listing } from './listing/listing.js'
import type { LiveSources } from './live/live-sources.js'
import type { Metrics } from './metrics/metrics.js'
import type { Review } from './review/review.js'
import type { Access } from './security/access.js'
import type { StationView } from './station-view.js'
import type { Streamer } from './streaming/streamer.js'

/** What every route works with. */
export interface ServerContext {
  /** Folder of the recordings. */
  readonly directory: string
  /** Folder of the analyses. */
  readonly analysesDirectory: string
  /** Path under which people reach the server; empty when a proxy or an application has told nothing. */
  readonly basePath: string
  /** What holds where a request does not say. */
  readonly defaults: {
    /** RMS above which something is loud, 0 to 1. */
    readonly threshold: number
    /** Quiet that ends a section, in seconds. */
    readonly minGapSeconds: number
  }
  /** What is in it. */
  readonly library: Library
  /** The same as JSON. */
  readonly listing: Listing
  /** Removes recordings. */
  readonly removals: RemovalDesk
  /** Measures recordings. */
  readonly analyzer: Analyzer
  /** Cuts and exports. */
  readonly editor: Editor
  /** Counts what both are asked for. */
  readonly costly: CostlyQueue
  /** Counts the streams without end. */
  readonly streams: CostlyQueue
  /** Who may come in. */
  readonly access: Access
  /** Sends recordings. */
  readonly streamer: Streamer
  /** What is recorded now. */
  readonly live: LiveSources
  /** What recorder and library announce. */
  readonly hub: EventHub
  /** What people need who look through many recordings. */
  readonly review: Review
  /** For Prometheus. */
  readonly metrics: Metrics
  /** The recorder, when it runs in this process. */
  readonly station?: StationView
  /** Time and timers. */
  readonly clock: Clock
  /** For whoever runs the server. */
  readonly log: Logger
}
