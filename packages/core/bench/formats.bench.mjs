// What it costs to read a file, find its frames, and write them as playable files of a minute each.
// Peer: ffmpeg's segment muxer on the same file, in the same run (it parses packets too, and writes files that lose audio).
import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { formatNamed } from '@isr/core'
import { commandCpuSeconds, cpuSeconds } from './lib/cpu.mjs'
import { fixture, fixtureKinds } from './lib/fixtures.mjs'
import { pushFile } from './lib/push-file.mjs'
import { printTable } from './lib/table.mjs'

const SECONDS = 1800
const FILE_SECONDS = 60
const CHUNK_BYTES = 64 * 1024
const GIB = 2 ** 30

/** ffmpeg's names of the containers. */
const muxers = { mp3: 'mp3', aac: 'adts', ogg: 'ogg', opus: 'opus', oga: 'ogg', flac: 'flac', wav: 'wav' }
/**
 * FLAC costs more than a copy: each frame is proven by its CRC-16, and decoded for the true MD5 of its file. What the garbage collector
 * takes for the chunks read varies from run to run by a third.
 */
const bars = { frames: { oga: 0.6, flac: 1.3 }, files: { oga: 4, flac: 6.4 } }
const formatOf = { ogg: 'ogg', opus: 'ogg', oga: 'ogg' }

const rows = { frames: [], files: [] }
const folder = mkdtempSync(join(tmpdir(), 'isr-bench-'))
try {
  for (const kind of fixtureKinds) {
    const path = fixture(kind, SECONDS)
    const format = formatNamed(formatOf[kind] ?? kind)
    const perGib = (seconds) => (seconds * GIB) / statSync(path).size
    const segments = `-nostdin -v error -y -i ${path} -c copy -f segment -segment_time ${FILE_SECONDS} -segment_format ${muxers[kind]}`
    const peer = perGib(await commandCpuSeconds('ffmpeg', [...segments.split(' '), join(folder, `peer-%03d.${kind}`)]))
    const frames = perGib(await cpuSeconds(() => countFrames(format, path)))
    const files = perGib(await cpuSeconds(() => splitFile(format, path, join(folder, `ours.${kind}`))))
    rows.frames.push({ work: kind, ours: frames, peer, bar: bars.frames[kind] })
    rows.files.push({ work: kind, ours: files, peer, bar: bars.files[kind] })
  }
} finally {
  rmSync(folder, { recursive: true })
}
printTable(
  'Finding every frame: CPU seconds per GiB; peer: ffmpeg -c copy -f segment, which writes as well',
  rows.frames,
)
printTable('Rebuilding files of a minute: CPU seconds per GiB; peer: ffmpeg -c copy -f segment', rows.files)

function countFrames(format, path) {
  let seconds = 0
  const onSpan = (span) => (seconds += span.durationSeconds)
  pushFile(format, path, { onSpan, onDiscard: () => {} }, CHUNK_BYTES)
  if (Math.abs(seconds - SECONDS) > 1) throw new Error(`${path}: found ${seconds} of ${SECONDS} s`)
}

/** Without the recorder's ledger, hashes and syncs: formats alone. */
function splitFile(format, path, to) {
  let file
  let files = 0
  const finish = () => {
    const { tail, patches } = file.muxer.end()
    writeSync(file.handle, tail)
    for (const { bytes, offsetBytes } of patches) writeSync(file.handle, bytes, 0, bytes.length, offsetBytes)
    closeSync(file.handle)
    file = undefined
  }
  const open = (header) => {
    const context = {
      join: 'verbatim',
      history: [],
      startedAt: 0,
      utcOffsetMinutes: 0,
      source: 'bench',
      opusPrerollMs: 400,
    }
    const muxer = format.createMuxer(header, { ...context, serial: ++files })
    file = { header, muxer, handle: openSync(to.replace('.', `-${files}.`), 'w'), seconds: 0 }
    writeSync(file.handle, muxer.begin())
  }
  const onSpan = (span) => {
    for (let rest = span; rest;) {
      if (file && file.header !== rest.header) finish()
      if (!file) open(rest.header)
      const left = Math.ceil((FILE_SECONDS - file.seconds) * rest.header.info.sampleRateHz)
      const at = Math.max(1, rest.frameAtSample(left))
      const part = at < rest.frames ? rest.slice(0, at) : rest
      writeSync(file.handle, file.muxer.write(part))
      file.seconds += part.durationSeconds
      if (at < rest.frames) finish()
      rest = at < rest.frames ? rest.slice(at, rest.frames) : undefined
    }
  }
  pushFile(format, path, { onSpan, onDiscard: () => {} }, CHUNK_BYTES)
  finish()
  if (Math.abs(files - SECONDS / FILE_SECONDS) > 1) throw new Error(`${path}: ${files} files`)
}
