import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'

const folders: string[] = []
afterAll(() => folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true, force: true })))

/**
 * A folder with capture programs that do as they are told, and an environment whose PATH is that folder alone.
 * @param programs - name and body of each: JavaScript with `args`, `say(text)` to stderr, `audio(milliseconds)` to stdout in real
 * layout (a ramp of 16-bit stereo at 48 kHz), `live(ms)` of it, `due(ms)` for a while of the device in which nothing is heard,
 * `sleep(ms)` and `end(code)`
 */
export function fakePrograms(programs: Readonly<Record<string, string>>): {
  readonly PATH: string
  readonly folder: string
} {
  const folder = mkdtempSync(join(tmpdir(), 'isr-fake-arecord-'))
  folders.push(folder)
  for (const [name, body] of Object.entries(programs)) {
    const path = join(folder, name)
    writeFileSync(path, `#!${process.execPath}\n${PRELUDE}\nmain()\nasync function main() {\n${body}\n}\n`)
    chmodSync(path, 0o755)
  }
  return { PATH: folder, folder }
}

const PRELUDE = `
const { writeSync, appendFileSync } = require('node:fs')
const args = process.argv.slice(2)
process.stdout.on('error', () => process.exit(141))
const say = (text) => writeSync(2, text)
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
const end = (code) => process.exit(code)
let sample = 0
const audio = (ms) => {
  const frames = Math.round(ms * 48)
  const block = new Uint16Array(2 * frames)
  for (let at = 0; at < block.length; at++) block[at] = sample++
  writeSync(1, Buffer.from(block.buffer))
}
// as a device: what it makes and what it leaves out follow one clock, however late this program is woken
let dueMs
const due = async (ms) => {
  dueMs = (dueMs ?? performance.now()) + ms
  await sleep(Math.max(0, dueMs - performance.now()))
}
// as arecord: in periods of 50 ms, in real time
const live = async (ms) => {
  for (let done = 50; done <= ms; done += 50) {
    await due(50)
    audio(50)
  }
}
process.on('SIGTERM', () => {
  say('Aborted by signal Terminated...\\narecord: pcm_read:2221: read error: Interrupted system call\\n')
  process.exit(1)
})
`

/** What `arecord -v` says when a device gives what was asked for. */
export const SETUP = setup(48_000)

/** The same at another rate, with a second setup of what lies below. */
export function setup(rateHz: number): string {
  const block = (rate: number) =>
    `Its setup is:\\n  stream       : CAPTURE\\n  channels     : 2\\n  rate         : ${rate}\\n`
  const head = `Recording raw data 'stdin' : Signed 16 bit Little Endian, Rate 48000 Hz, Stereo\\n`
  return `say("${head}Plug PCM: x\\n${block(rateHz)}Slave: Hardware PCM card 1 'x'\\n${block(96_000)}")\n`
}
