/**
 * `@isr/core`: records audio streams into files that lose nothing.
 * Start with {@link Recorder} (one source) or {@link Station} (a configuration).
 * @packageDocumentation
 */
export * from './model.js'
export {
  ConfigError,
  ERROR_CODES,
  IsrError,
  SourceError,
  StorageError,
  type IsrErrorCode,
  type IsrErrorJson,
  type IsrErrorOptions,
  type SourceErrorOptions,
} from './errors.js'
export { Announcer, GuardedEmitter, type EventMap, type Listenable, type ListenerFaultHandler } from './events.js'

export { systemClock, type Clock, type Timer } from './time/clock.js'
export { nextBoundary } from './time/boundary.js'
export { strftime } from './time/strftime.js'

export { HeaderCapture, type HeaderCaptureInit } from './formats/header-capture.js'
export { FrameSpan, IndexedSpan, UniformSpan } from './formats/frame-span.js'
export type {
  Format,
  FrameIdentity,
  Framer,
  FramerSink,
  Muxer,
  MuxerContext,
  MuxerCounts,
  MuxerEnd,
  SplitJoin,
} from './formats/format.js'
export type { ByteQuest, ByteRange, FileLayout, FileReading, SeekPoint } from './formats/file-layout.js'
export { builtInFormats, formatForContentType, formatNamed } from './formats/registry.js'
export { DetectingFramer, type DetectingFramerOptions } from './formats/detecting-framer.js'
export { captureHeader, type CaptureHeaderOptions } from './formats/capture-header.js'

export { LivePatcher, type LiveView } from './live/live-patcher.js'
export { livePatcherFor } from './live/live-patchers.js'
export { LiveAdtsPatcher } from './live/patchers/live-adts-patcher.js'
export { LiveFlacPatcher } from './live/patchers/live-flac-patcher.js'
export { LiveMp3Patcher } from './live/patchers/live-mp3-patcher.js'
export { LiveOggPatcher } from './live/patchers/live-ogg-patcher.js'
export { LiveWavPatcher } from './live/patchers/live-wav-patcher.js'
export { GrowingFrames } from './live/growing-frames.js'
export { readLiveView } from './live/read-live-view.js'

export { Source, type Connection, type ConnectOptions, type TakeChunk } from './sources/source.js'
export { HttpSource, type HttpSourceOptions } from './sources/http/http-source.js'
export { SignalSource, type SignalSourceOptions } from './sources/signal.js'
export { SoundcardSource, type SoundcardSourceOptions } from './sources/soundcard/soundcard-source.js'
export type { CaptureDevice } from './sources/soundcard/devices/capture-device.js'
export { listCaptureDevices, type ListCaptureDevicesOptions } from './station/list-capture-devices.js'
export { CommandSource, type CommandSourceOptions } from './sources/command.js'
export { FileSource, type FileSourceOptions } from './sources/file.js'
export { sourceFromUrl } from './sources/url.js'
export { redactText, redactUrl } from './sources/redact.js'
export { VERSION } from './version.js'

export { LEVEL_WINDOW_MS, overallRms, type LevelBlock } from './analysis/levels/levels.js'
export { LevelMeter, type LevelMeterOptions } from './analysis/levels/level-meter.js'
export type { MeasuredFormat } from './analysis/levels/kernel.js'
export type { LevelFollower, LevelListener, MeasuredLayout } from './analysis/levels/follower.js'
export { PyramidFollower, type LevelsFile } from './analysis/pyramid/pyramid-follower.js'
export { PyramidReader } from './analysis/pyramid/pyramid-reader.js'
export { PyramidWriter } from './analysis/pyramid/pyramid-writer.js'
export type { PyramidHead } from './analysis/pyramid/layout.js'
export type { LevelCurve } from './analysis/pyramid/level-curve.js'
export { LEVEL_LOG_HEADER, LevelLog, type LevelLogSink } from './analysis/level-log/level-log.js'

export { Splitter, type SplitPosition } from './splitters/splitter.js'
export { AtClock, type AtClockOptions } from './splitters/at-clock.js'
export { AfterDuration, type AfterDurationOptions } from './splitters/after-duration.js'
export { AfterSize, type AfterSizeOptions } from './splitters/after-size.js'
export { OnTitle } from './splitters/on-title.js'
export { Never } from './splitters/never.js'

export type { MendableStorage, RecordingWriter, Replacement, Storage, StoredFile } from './storages/storage.js'
export { FileStorage, type FileStorageOptions } from './storages/file-storage.js'
export type { GroupCommit } from './storages/volume/protocol.js'
export { isVolumeHanging } from './storages/volume/volumes.js'
export type { RandomAccess } from './storages/access/random-access.js'
export { FileAccess } from './storages/access/file-access.js'
export { liesWithin } from './storages/access/lies-within.js'
export { MemoryAccess } from './storages/access/memory-access.js'
export { writeFileAtomic, type WriteFileOptions } from './storages/atomic-file.js'
export { FolderTree, type TreeChange } from './storages/watch/folder-tree.js'
export { MemoryStorage } from './storages/memory-storage.js'

export type {
  DiscardLine,
  FileFacts,
  GapLine,
  LedgerEntry,
  LedgerLine,
  LedgerTitle,
  OpenLine,
  RecordingLine,
  RemovedLine,
  RunLine,
  SealedLine,
  SeamLine,
} from './ledger/entry.js'
export { MemoryLedger, type Ledger } from './ledger/ledger.js'

export { Recorder } from './station/recorder.js'
export { SourceRecorder, type RecorderResult } from './recorder/source-recorder.js'
export type { Naming } from './recorder/run/naming.js'
export type { RetrySettings } from './recorder/supervision/retry.js'
export type { SourceRecorderOptions } from './recorder/source-recorder-options.js'
export { plainField } from './recorder/plain-event.js'
export { RECORDER_EVENTS, type RecorderEvents, type RecorderState, type RecorderStatus } from './recorder/events.js'
export type { RecorderOptions, RetryOptions, SilenceAlarmOptions, TriggerOptions } from './recorder/options.js'
export type { EarlierAudio } from './recorder/stitch/earlier-audio.js'
export type { FileTap, RecordingTap } from './recorder/tap.js'
export { LiveAudio, type ListenOptions, type LiveSink, type LiveStream } from './recorder/live/live-audio.js'
export type { EndlessContainer } from './formats/endless/endless.js'
export type { LevelReading } from './recorder/levels/level-announcer.js'
export type { LevelOptions } from './recorder/levels/level-options.js'
export type { OpenSpanMeter, SpanMeter } from './recorder/levels/span-meter.js'

export { Station, type StationOptions, type StationResult, type StationStatus } from './station/station.js'
export { ProtectedFile } from './station/retention/protected-file.js'
export { openLedger, type OpenLedgerOptions } from './station/open-ledger.js'
export { repairFolder, type RepairFolderOptions } from './station/folder/repair-folder.js'
export type { RepairAction, RepairOutcome } from './recovery/outcome.js'
export { verifyFolder, type VerifyFolderOptions } from './station/folder/verify-folder.js'
export type { VerifyProgress, VerifyReport } from './ledger/verify/verify.js'
export { FINDING_CODES, type Finding, type FindingCode } from './ledger/verify/finding.js'
export { adoptFolder, type AdoptFolderOptions } from './station/folder/adopt-folder.js'
export { namingsIn } from './station/folder/namings-in.js'
export type { AdoptOutcome } from './ledger/rebuild/adopt.js'
export type { KnownNaming } from './ledger/rebuild/name-facts.js'
export type {
  Analyze,
  ConfigProblem,
  HookTarget,
  HookTargets,
  SourceConfig,
  SourceType,
  StationConfig,
} from './config/station-config.js'
export {
  configOrThrow,
  parseConfig,
  readConfig,
  type AdHocSource,
  type ConfigResult,
  type LabelledText,
  type ParseConfigOptions,
} from './config/load.js'
export { formatProblem } from './config/problems.js'

export type { EditOptions, EditProgress, Piece } from './editing/cut.js'
export type { TimeRange } from './editing/frames-between.js'
export type { Clip } from './editing/clip.js'
export { clip, type ClipOptions } from './station/files/clip.js'
export type { ExportedPart, ExportGap, ExportOverlap } from './editing/export/report.js'
export type { ExportFacts } from './editing/export/export.js'
export { spectrogram, type SpectrogramOptions } from './station/files/spectrogram.js'
export type { Spectrogram, SpectrogramShape } from './analysis/spectrum/spectrogram.js'
export type { Planes } from './decoders/decoder.js'
export { SpectrumMeter, type SpectrumMeterOptions } from './analysis/spectrum/spectrum-meter.js'
export { exportRecordings, type ExportOptions, type ExportResult } from './station/files/export.js'
export { cut, type CutOptions, type CutResult } from './station/files/cut.js'

export type { Detection, Detector, Section, ThresholdStep } from './analysis/detectors/detector.js'
export { AdaptiveDetector } from './analysis/detectors/adaptive-detector.js'
export type { AdaptiveDetectorOptions, AdaptiveParameters } from './analysis/detectors/adaptive-options.js'
export { ThresholdDetector, type ThresholdDetectorOptions } from './analysis/detectors/threshold-detector.js'
export { HIGHLIGHT_SCORE_DB, highlights, topSections } from './analysis/detectors/ranking.js'

export { Library, type LibraryEvents, type LibraryParts, type NameChange, type NameWatch } from './library/library.js'
export type { LibraryEntry, LibraryGap, LibraryQuiet } from './library/library-entry.js'
export type { LibraryPage, LibraryQuery } from './library/find.js'
export type { ForeignFilesOptions } from './library/foreign-files.js'
export type { ReadForeignOptions } from './library/read-foreign.js'
export type { LookOptions } from './ledger/rebuild/look-at-file.js'
export type { LiveFile } from './library/live-files.js'
export { openLibrary, type OpenLibraryOptions } from './station/open-library.js'
export { statusReport, type SourceReport, type StatusReport } from './station/status-report.js'
export {
  RemovalDesk,
  type PendingRemoval,
  type RemovalDeskOptions,
  type RemovalFacts,
} from './station/files/removal.js'
export { formatUtcOffset } from './time/iso-with-offset.js'

export {
  Analyzer,
  type AnalyzeOptions,
  type AnalyzerOptions,
  type StoredRecording,
} from './station/analysis/analyzer.js'
export type { RecordedLevels } from './station/analysis/open-levels.js'
export type { Analysis, DetectorFacts } from './analysis/analysis.js'
export { pruneAnalyses, type PruneOptions } from './station/analysis/prune.js'
export {
  analysisToJson,
  type AnalysisJson,
  type AnalysisSectionJson,
  type ThresholdStepJson,
} from './analysis/cache/analysis-json.js'
export { Editor, type EditorOptions } from './station/editor/editor.js'
export type { EditKind, EditTasks, SendableOptions } from './station/editor/edit-task.js'

export type { Loudness } from './analysis/loudness/loudness.js'
export { LoudnessMeter, type LoudnessMeterOptions } from './analysis/loudness/loudness-meter.js'
export { channelWeights, type ChannelOrder } from './analysis/loudness/channel-weights.js'
export {
  SilenceAlarm,
  type LevelSink,
  type SilenceEnd,
  type SilenceListener,
  type SilenceOptions,
  type SilenceStart,
} from './analysis/silence/silence-alarm.js'
export type { TriggerEnd, TriggerSettings, TriggerStart } from './recorder/trigger/trigger-options.js'
export { compileSoon } from './workers/compile-soon.js'
export { giveMemoryBack, letHeapGrow, MANY_STREAMS } from './workers/heap-growth.js'
