/**
 * Test doubles and the fault kit, for those who embed or extend the library: time, sources, servers and disks that do as they are told, streams
 * whose frames are numbered, and the comparison that counts to the frame what a recorder lost.
 * @packageDocumentation
 */
export { FakeClock, settle } from './fake-clock.js'
export {
  ScriptedSource,
  type ScriptedConnection,
  type ScriptedSourceOptions,
  type ScriptedStep,
} from './scripted-source.js'
export { FaultServer, type FaultScript, type FaultServerOptions } from './fault-server.js'
export { FaultConnection, type FaultRequest } from './fault-connection.js'
export { NumberedStream, type NumberedFormat, type StablePart } from './numbered/numbered-stream.js'
export { NUMBERED_FORMATS, numberedStream } from './numbered/open-numbered-stream.js'
export { findFrames, type FoundFrame } from './numbered/find-frames.js'
export type { FrameMark } from './numbered/mark.js'
export { NumberedStation, onAir, type NumberedStationOptions, type StationScript } from './station/numbered-station.js'
export { Listener, type BodyCoding, type PlayOptions } from './station/listener.js'
export { SentLog, type FrameRange, type SentPart } from './station/sent-log.js'
export { STREAM_FAULTS, type StreamFaultName } from './station/faults/stream-faults.js'
export type { StreamFault } from './station/faults/stream-fault.js'
export { chunked, gzipped, withTitles } from './station/faults/codings.js'
export { compareRecordings, type CompareOptions } from './compare/compare-recordings.js'
export { comparisonText, type Comparison, type Hole, type UnreadTail } from './compare/comparison.js'
export { FaultDisk, type FaultDiskOptions } from './disk/fault-disk.js'
export type { Broadcast, BroadcastOptions } from './station/broadcast.js'
