/**
 * `@isr/server`: recordings over HTTP. {@link IsrServer} listens by itself, {@link IsrApp} goes into an Express application.
 * @packageDocumentation
 */
export { IsrApp, type AppOptions } from './app.js'
export { IsrServer, type ServerOptions } from './server.js'
export { faultLog } from './program/log.js'
export * from './api.js'
export type { StationView } from './station-view.js'
