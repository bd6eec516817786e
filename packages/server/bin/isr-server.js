#!/usr/bin/env node
// npm links commands while it installs, and leaves out what is not there yet: this file is, before anything is built.
import { existsSync } from 'node:fs'

const program = new URL('../dist/isr-server.js', import.meta.url)
if (existsSync(program)) await import(program.href)
else {
  console.error('isr-server: not built yet; npm run build does it, npm start too')
  process.exitCode = 1
}
