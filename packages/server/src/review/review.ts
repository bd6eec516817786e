import type { Analyzer, Clock, Editor, Library } from '@isr/core'
import type { Logger } from 'pino'
import type { EventHub } from '../events/event-hub.js'
import { AnalysesCare } from './analyses/analyses-care.js'
import type { AnalysisIndex } from './analyses/analysis-index.js'
import { LevelCurves } from './days/level-curves.js'
import { Notes } from './notes/notes.js'
import { LevelsFiles } from './peaks/levels-files.js'
import { Peaks } from './peaks/peaks.js'
import { Recent } from './recent.js'
import { Spectrograms } from './spectrogram/spectrograms.js'
import { SectionQueue } from './sections/section-queue.js'

/** What {@link Review} works with. */
export interface ReviewOptions {
  /** Folder of the recordings. */
  readonly directory: string
  /** Folder of the analyses. */
  readonly analysesDirectory: string
  /** The recordings. */
  readonly library: Library
  /** What was kept of analyses. */
  readonly analyses: AnalysisIndex
  /** Measures. */
  readonly analyzer: Analyzer
  /** Decodes. */
  readonly editor: Editor
  /** Announces. */
  readonly hub: EventHub
  /** Time and timers. */
  readonly clock: Clock
  /** For whoever runs the server. */
  readonly log: Logger
}

const MOST_PEAKS_BYTES = 16 << 20

/** All that people need who look through many recordings. */
export class Review {
  /** What was kept of analyses. */
  readonly analyses: AnalysisIndex
  readonly #care: AnalysesCare
  /** Sections of many recordings. */
  readonly sections: SectionQueue
  /** Notes and marks. */
  readonly notes: Notes
  /** Waveforms. */
  readonly peaks: Peaks
  /** Answers with waveforms of recordings that grow no more. */
  readonly peaksBodies = new Recent<Buffer>(MOST_PEAKS_BYTES, ({ length }) => length)
  /** Pictures of frequencies. */
  readonly spectrograms: Spectrograms
  /** Levels of whole days. */
  readonly curves: LevelCurves

  /** Begins to follow the library and the analyses. */
  constructor(options: ReviewOptions) {
    const { directory, analysesDirectory, library, analyses, analyzer, editor, hub, clock, log } = options
    const files = new LevelsFiles({ directory, analysesDirectory, analyzer })
    this.peaks = new Peaks(directory, editor, files)
    this.spectrograms = new Spectrograms(directory, editor)
    this.curves = new LevelCurves(files, () => clock.monotonicMs())
    this.analyses = analyses
    analyses.on('changed', (name) => {
      this.curves.forget(name)
      hub.announce('analysis:changed', { name })
    })
    this.#care = new AnalysesCare({ directory, analysesDirectory, library, clock })
    this.sections = new SectionQueue(library, analyses)
    this.notes = new Notes({
      directory,
      analysesDirectory,
      library,
      clock,
      onChanged: (note) => hub.announce('note:changed', note),
      onRemoved: (id) => hub.announce('note:removed', { id }),
      onFault: (message) => log.error(message),
    })
    library.on('changed', ({ name, active }) => active || this.peaks.closed(name))
    library.on('removed', ({ name }) => this.peaks.closed(name))
  }
  /** Ends. */
  async close(): Promise<void> {
    this.analyses.close()
    await this.#care.close()
  }
}
