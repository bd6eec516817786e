// Lets plain node run the examples, from any folder: node --import ./examples/ts-node.mjs examples/record-one-stream.ts
import { register } from 'node:module'
import { fileURLToPath } from 'node:url'

process.env.TS_NODE_PROJECT ??= fileURLToPath(new URL('../tsconfig.json', import.meta.url))
register('ts-node/esm/transpile-only', import.meta.url)
