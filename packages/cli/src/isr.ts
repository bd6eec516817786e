#!/usr/bin/env node
import { processIo } from './process-io.js'
import { run } from './run.js'

const io = processIo()
const exitCode = await run(process.argv.slice(2), io)
await Promise.all([io.stdout.drain(2000), io.stderr.drain(2000)])
// A source that did not stop in time must not keep the program.
io.exit(exitCode)
