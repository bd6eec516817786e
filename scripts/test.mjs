// npm test: makes everything ready, runs every check and the whole suite, and ends with the plain total.
// Arguments after `--` go to vitest alone and leave out all else: npm test -- packages/core/test/time
import { requireNode } from './lib/node-floor.mjs'

requireNode()
import('./checks/test-all.mjs').then(({ testAll }) => testAll(process.argv.slice(2)))
