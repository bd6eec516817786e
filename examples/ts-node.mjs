// Lets plain node run the examples: node --import ./examples/ts-node.mjs examples/record-one-stream.ts
import { register } from 'node:module'
import { pathToFileURL } from 'node:url'

register('ts-node/esm/transpile-only', pathToFileURL('./'))
