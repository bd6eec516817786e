/**
 * `@isr/server`: recordings over HTTP.
 * @packageDocumentation
 */
export { createRouter } from './app.js'
export type { ServerContext } from './context.js'
export * from './api.js'
