import { analyzeLevels, type Analysis } from '../../analysis/analysis.js'
import type { AnalysisKey } from '../../analysis/cache/cached-analysis.js'
import { AdaptiveDetector } from '../../analysis/detectors/adaptive-detector.js'
import type { Detector } from '../../analysis/detectors/detector.js'
import type { EditOptions, EditProgress } from '../../editing/cut.js'
import { openRecordedFile } from '../../editing/file-frames.js'
import { builtInFormats } from '../../formats/registry.js'
import { StorageAccess } from '../../storages/access/storage-access.js'
import type { Storage } from '../../storages/storage.js'
import { WorkerPool } from '../../workers/worker-pool.js'
import { withRecordedFile, type OpenedFile } from '../files/open-file.js'
import type { AnalysesFolder } from './analyses-folder.js'
import { findInput, type AnalyzedFile } from './find-input.js'
import { openLevels, type RecordedLevels } from './open-levels.js'
import type { FileTask, MeasureResult } from './measure-facts.js'
import { measureFileTask, measureTask } from './measure-task.js'

/** Options of an {@link Analyzer}. */
export interface AnalyzerOptions {
  /** Finds the sections. @defaultValue an {@link AdaptiveDetector} */
  readonly detector?: Detector
  /** How many recordings are decoded at a time, each in a thread of its own. @defaultValue 1 */
  readonly threads?: number
  /** Whether an ffmpeg on PATH may decode: AAC needs it, and MP3, Vorbis and Opus are quicker with it. @defaultValue true */
  readonly ffmpeg?: boolean
  /**
   * Whether results are kept, and kept ones used.
   * @defaultValue true: for recordings in a folder with a ledger or with a folder `analyses`
   */
  readonly cache?: boolean
  /** Folder of the results. @defaultValue `analyses` in the folder of the recordings */
  readonly analysesDirectory?: string
}

/** Options of one analysis; `signal` ends it with `ISR_STOPPED`. */
export interface AnalyzeOptions extends EditOptions {
  /** Finds the sections. @defaultValue the one of the {@link Analyzer} */
  readonly detector?: Detector
  /** Whether loudness is measured, too: it takes about as long again as decoding FLAC. @defaultValue false */
  readonly loudness?: boolean
}

/** A recording in a storage. */
export interface StoredRecording {
  /** Where it is kept. */
  readonly storage: Storage
  /** Its storage key. */
  readonly name: string
}

/**
 * Tells what happened in finished recordings of any format: levels for drawing, the sections that matter, loudness. Audio is decoded in
 * pieces, in threads beside the one that calls, so that a recorder in the same process never waits. What was measured while it was
 * recorded is not read again, and results are kept beside the recordings.
 *
 * @example
 * ```ts
 * await using analyzer = new Analyzer()
 * const { sections } = await analyzer.analyze('recordings/rec_20261122_170000.flac')
 * for (const { startSeconds, score } of topSections(sections, 10)) console.log(startSeconds, score)
 * ```
 */
export class Analyzer implements AsyncDisposable {
  readonly #options: AnalyzerOptions
  readonly #detector: Detector
  readonly #pool: WorkerPool<FileTask, EditProgress, MeasureResult>

  /** @throws {@link IsrError} `ISR_ARGUMENT_INVALID` when an option of the default detector is refused */
  constructor(options: AnalyzerOptions = {}) {
    this.#options = options
    this.#detector = options.detector ?? new AdaptiveDetector()
    this.#pool = new WorkerPool({
      script: new URL('./analysis-thread.js', import.meta.url),
      size: Math.max(1, Math.floor(options.threads ?? 1)),
      handler: measureFileTask,
    })
  }

  /**
   * Analyses a recording.
   * @param input - path of a file, finished, growing or torn; or a recording in a storage
   * @throws {@link IsrError} `ISR_FORMAT_UNKNOWN` when it holds no audio, `ISR_SPAN_EMPTY` when none of it is audible,
   * `ISR_DECODER_MISSING`, `ISR_DECODE_FAILED`, `ISR_STOPPED`
   * @throws {@link StorageError} when it cannot be read
   */
  async analyze(input: string | StoredRecording, options: AnalyzeOptions = {}): Promise<Analysis> {
    const { detector = this.#detector, loudness = false } = options
    const { cache = true, analysesDirectory } = this.#options
    const file = await findInput(input, { cache, analysesDirectory })
    const kept = file.kept && { ...file.kept, key: { file: file.kept.mark, detector, loudness } }
    const known = kept && (await readKept(file, kept.folder, kept.name, kept.key))
    if (known) return known
    const measured = await this.#measure(file, options)
    const analysis = await analyzeLevels(measured, measured.rms, detector)
    // what cannot be kept is found again
    await kept?.folder.write(kept.name, analysis, kept.mark).catch(() => {})
    return analysis
  }

  /**
   * The levels of a whole recording, at any zoom: what was kept of it, or else measured now and kept. Close them afterwards.
   * @returns undefined when channels or rate change inside of the recording
   * @throws as `analyze` does
   */
  async levels(input: string | StoredRecording, options: EditOptions = {}): Promise<RecordedLevels | undefined> {
    const { cache = true, analysesDirectory } = this.#options
    const file = await findInput(input, { cache, analysesDirectory })
    const { levels } = await this.#measure(file, options, true)
    return openLevels(levels, file.task.levelsPath)
  }

  /** Ends its threads; analyses under way end with `ISR_STOPPED`. Idle threads do not keep the process alive. */
  close(): Promise<void> {
    return this.#pool[Symbol.asyncDispose]()
  }

  /** Same as `close()`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  async #measure(
    file: AnalyzedFile,
    { signal, onProgress, loudness = false }: AnalyzeOptions,
    wantsLevels = false,
  ): Promise<MeasureResult> {
    const { ffmpeg = true } = this.#options
    const task = { ...file.task, loudness, ffmpeg, wantsLevels }
    const { path } = file.task
    if (path !== undefined) return this.#pool.run({ ...task, path }, { signal, onProgress })
    const { storage, name } = file.stored!
    const access = await StorageAccess.open(storage, name)
    return measureTask(await openRecordedFile(access, builtInFormats), access, task, {
      signal: signal ?? new AbortController().signal,
      ownThread: false,
      progress: (progress) => onProgress?.(progress),
    })
  }
}

function readKept(
  { task }: AnalyzedFile,
  folder: AnalysesFolder,
  name: string,
  key: AnalysisKey,
): Promise<Analysis | undefined> {
  const facts = ({ file: { layout } }: OpenedFile) => {
    const { sampleRateHz, channels } = layout.header.info
    const start = layout.startedAt === undefined ? {} : { startedAt: Math.round(layout.startedAt) }
    return Promise.resolve({ sampleRateHz, channels, ...start })
  }
  return folder.read(name, key, () => withRecordedFile(task.path!, undefined, facts, task.within))
}
