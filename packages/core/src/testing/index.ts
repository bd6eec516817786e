/**
 * Test doubles for those who embed or extend the library: time, sources and servers that do as they are told.
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
