import { AnalysisFollower } from '../../analysis/analysis-follower.js'
import type { Analysis } from '../../analysis/analysis.js'
import type { Detector } from '../../analysis/detectors/detector.js'
import type { Loudness } from '../../analysis/loudness/loudness.js'
import { toIsrError, type IsrError } from '../../errors.js'
import type { Recording } from '../../model.js'
import type { FileStorage } from '../../storages/file-storage.js'
import type { AnalysesFolder } from './analyses-folder.js'
import type { Analyzer } from './analyzer.js'

/** What a {@link LiveAnalysis} works with. */
export interface LiveAnalysisOptions {
  /** Where the recordings are. */
  readonly storage: FileStorage
  /** Where their analyses go. */
  readonly analyses: AnalysesFolder
  /** Finds the sections. */
  readonly detector: Detector
  /** Analyses what could not be measured while it was recorded. */
  readonly analyzer: Pick<Analyzer, 'analyze'>
  /** Told what could not be analysed or kept; must not throw. */
  readonly onFault: (error: IsrError) => void
}

/** A file whose two ends, of the recording and of the measuring, have not both come. */
type Open = 'measuring' | 'closed, measuring' | 'analysed' | 'broken off'

/**
 * Analyses the recordings of one source: while they are recorded, and what cannot be measured then (AAC, or a stream that comes faster
 * than it is decoded) when its file is closed.
 */
export class LiveAnalysis {
  /** To be told the levels of the source. */
  readonly follower: AnalysisFollower
  readonly #options: LiveAnalysisOptions
  readonly #open = new Map<string, Open>()
  readonly #analyses = new Set<Promise<void>>()
  /** Of files that were just closed. */
  readonly #loudness = new Map<string, Loudness>()

  constructor(options: LiveAnalysisOptions) {
    this.#options = options
    this.follower = new AnalysisFollower(options.detector, {
      onBegin: (name) => void this.#open.set(name, 'measuring'),
      onEnd: (name, recording, analysis) => {
        const isClosed = this.#open.get(name) === 'closed, measuring'
        if (isClosed) this.#open.delete(name)
        else this.#open.set(name, analysis ? 'analysed' : 'broken off')
        if (recording && analysis) return this.#keep(recording, analysis)
        if (isClosed) this.#analyze(name)
        return undefined
      },
    })
  }

  /** The loudness of a file that has ended, measured while it was recorded; told before its levels end. */
  measured(name: string, loudness: Loudness): void {
    this.#loudness.set(name, loudness)
  }

  /** A file of the source is closed. */
  closed({ name, closedBy }: Pick<Recording, 'name' | 'closedBy'>): void {
    const state = this.#open.get(name)
    if (state !== 'measuring') this.#loudness.delete(name)
    if (state === 'measuring') return void this.#open.set(name, 'closed, measuring')
    this.#open.delete(name)
    // what a failing volume left is repaired first
    if (state !== 'analysed' && closedBy !== 'error') this.#analyze(name)
  }

  /** Resolves when every file that was closed is analysed. Never rejects. */
  async settled(): Promise<void> {
    await Promise.all(this.#analyses)
  }

  async #keep({ name }: Recording, analysis: Analysis): Promise<void> {
    const { storage, analyses, onFault } = this.#options
    const loudness = this.#loudness.get(name)
    this.#loudness.delete(name)
    try {
      await analyses.write(name, loudness ? { ...analysis, loudness } : analysis, await storage.stat(name))
    } catch (error) {
      onFault(toIsrError(error, 'ISR_STORAGE_FAILED'))
    }
  }

  #analyze(name: string): void {
    const analysis = this.#analyzeNow(name).finally(() => this.#analyses.delete(analysis))
    this.#analyses.add(analysis)
  }

  async #analyzeNow(name: string): Promise<void> {
    const { storage, detector, analyzer, onFault } = this.#options
    try {
      await analyzer.analyze({ storage, name }, { detector })
    } catch (error) {
      const fault = toIsrError(error, 'ISR_DECODE_FAILED')
      // of what is too short to hold a frame, and at the end of the program, nobody needs to hear
      if (fault.code !== 'ISR_STOPPED' && fault.code !== 'ISR_SPAN_EMPTY') onFault(fault)
    }
  }
}
