/** Everything that is true of connections that are iterated is true of those that deliver. */
import { haveDelivered } from './support.js'

haveDelivered()
await import('./http-source.test.js')
await import('./transport.test.js')
