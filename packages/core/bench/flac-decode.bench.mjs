// What it costs to decode an hour of FLAC: read from a file in chunks, framed (CRC-16 of every frame), decoded, interleaved, and the
// MD5 of all samples, which must be the file's. Peers: `flac -t`, which does the same, and soundfile (libsndfile with libFLAC), which
// does all of it but the MD5; each a process of its own.
import { closeSync, openSync, readSync } from 'node:fs'
import { execFileSync } from 'node:child_process'
import { formatNamed } from '@isr/core'
import { commandCpuSeconds, cpuSeconds } from './lib/cpu.mjs'
import { fixture } from './lib/fixtures.mjs'
import { pushFile } from './lib/push-file.mjs'
import { printTable } from './lib/table.mjs'

const SECONDS = 3600
const CHUNK_BYTES = 256 * 1024
/** Where STREAMINFO has the MD5. */
const MD5_OFFSET_BYTES = 26
const MD5_BYTES = 16
/** Of the CPU of each peer. */
const bars = { flac: 1, soundfile: 1 }

/** Debian's Python has Debian's soundfile, whatever `python3` is. */
const PYTHON = '/usr/bin/python3'
const SCRIPT = [
  'import sys, soundfile',
  'samples = 0',
  "for block in soundfile.blocks(sys.argv[1], blocksize=1 << 16, dtype='int16'):",
  '    samples += len(block)',
  'assert samples == int(sys.argv[2]), samples',
].join('\n')

const path = fixture('flac', SECONDS)
const ours = await cpuSeconds(() => decode(path))
const flac = await commandCpuSeconds('flac', ['-s', '-t', path])
const rows = [{ work: 'flac -t', ours, peer: flac, bar: bars.flac }]
if (hasSoundfile()) {
  const peer = await commandCpuSeconds(PYTHON, ['-c', SCRIPT, path, String(SECONDS * 44100)])
  rows.push({ work: 'soundfile, no MD5', ours, peer, bar: bars.soundfile })
} else console.log('no python3-soundfile: not compared with it')
printTable(`An hour of FLAC decoded, ${(SECONDS / ours).toFixed(0)} times as fast as it plays: CPU seconds`, rows)

/** A muxer decodes every frame for the MD5 of its file; what it writes goes nowhere. */
function decode(file) {
  const format = formatNamed('flac')
  const context = { join: 'verbatim', history: [], startedAt: 0, utcOffsetMinutes: 0, source: 'bench', serial: 1 }
  let muxer
  const sink = {
    onSpan(span) {
      muxer ??= format.createMuxer(span.header, { ...context, opusPrerollMs: 400 })
      muxer.write(span)
    },
    onDiscard: (bytes, reason) => {
      throw new Error(`${bytes} bytes of ${file} are no frames: ${reason}`)
    },
  }
  pushFile(format, file, sink, CHUNK_BYTES)
  const md5 = Buffer.from(muxer.end().patches[0].bytes.slice(-MD5_BYTES)).toString('hex')
  if (md5 !== md5Of(file)) throw new Error(`${file}: MD5 ${md5} is not its own`)
}

function md5Of(file) {
  const handle = openSync(file)
  const md5 = Buffer.alloc(MD5_BYTES)
  readSync(handle, md5, 0, MD5_BYTES, MD5_OFFSET_BYTES)
  closeSync(handle)
  return md5.toString('hex')
}

function hasSoundfile() {
  try {
    execFileSync(PYTHON, ['-c', 'import soundfile'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
