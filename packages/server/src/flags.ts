/**
 * The flags of the server, for programs that have them as well; loads nothing of the server itself.
 * @packageDocumentation
 */
export { readServeFlags, SERVE_FLAGS, type ServeFlag, type ServeFlagValues } from './program/flags.js'
