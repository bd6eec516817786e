// What it costs to cut a minute out of the middle of a file of 1 GB, made for this run: CPU, and bytes read.
// Peer: ffmpeg -ss -t -c copy on the same file, a process of its own as a server would start it. It loses audio at both ends.
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { cut, formatNamed } from '@isr/core'
import { commandCpuSeconds, cpuSeconds } from './lib/cpu.mjs'
import { fixture } from './lib/fixtures.mjs'
import { printTable } from './lib/table.mjs'

const BIG_BYTES = Number(process.env.ISR_BENCH_BYTES ?? 1e9)
const CUT_SECONDS = 60
const MB = 1e6
/** More must not be read beside the minute itself. */
const MOST_EXTRA_BYTES = 5 * MB

/** Formats whose frames are found by arithmetic, or by halving: the others must be walked through. */
const kinds = ['mp3', 'ogg', 'opus', 'oga', 'flac', 'wav']
/**
 * A true MD5 takes decoding: ffmpeg copies that of the whole file, and `flac -t` refuses what it cuts. Besides, it renumbers
 * nothing, so players show the length of the whole. Alone in a process both cost 0.85 of ffmpeg; behind the other kinds the garbage
 * collector, which counts buffers, takes up to a third more.
 */
const bars = { oga: 1.3, flac: 1.3 }
const formatOf = { ogg: 'ogg', opus: 'ogg', oga: 'ogg' }

const rows = []
const reads = []
const folder = mkdtempSync(join(tmpdir(), 'isr-bench-cut-'))
try {
  for (const kind of kinds) {
    const input = join(folder, `big.${kind}`)
    const seconds = makeBig(formatNamed(formatOf[kind] ?? kind), fixture(kind, CUT_SECONDS), input)
    const startSeconds = Math.floor(seconds / 2)
    const endSeconds = startSeconds + CUT_SECONDS
    const output = join(folder, `ours.${kind}`)
    let result
    const work = async () => {
      rmSync(output, { force: true })
      result = await cut({ input, output, startSeconds, endSeconds })
    }
    const ours = await cpuSeconds(work, { runs: 15, warmUps: 20 })
    if (Math.abs(result.endSeconds - result.startSeconds - CUT_SECONDS) > 1) throw new Error(`${kind}: no minute`)
    const copy = `-nostdin -v error -y -ss ${startSeconds} -t ${CUT_SECONDS} -i ${input} -c copy`
    const peer = await commandCpuSeconds('ffmpeg', [...copy.split(' '), join(folder, `peer.${kind}`)], { runs: 9 })
    rows.push({ work: kind, ours, peer, bar: bars[kind] ?? 1 })
    reads.push({ work: kind, ours: result.bytesRead / MB, peer: result.bytes / MB })
    if (result.bytesRead - result.bytes > MOST_EXTRA_BYTES) throw new Error(`${kind}: ${result.bytesRead} bytes read`)
    rmSync(input)
  }
} finally {
  rmSync(folder, { recursive: true })
}
printTable(`A minute out of ${BIG_BYTES / 1e9} GB: CPU seconds, in process; peer: ffmpeg -c copy`, rows)
printTable('The same: MB read of the file; peer: MB of the minute that was cut out', reads)

/** Writes the frames of a minute over and over into one file. @returns its length in seconds */
function makeBig(format, minutePath, bigPath) {
  const spans = []
  const framer = format.createFramer({ onSpan: (span) => spans.push(span), onDiscard: () => {} })
  framer.push(readFileSync(minutePath))
  framer.flush()
  // neither the hidden start of the stream nor what its end cuts off; in FLAC only the last frame may be short
  const [first] = spans
  const frames = wholeCycles(spans.length > 4 ? spans.slice(2, -2) : [first.slice(0, first.frames - 1)])
  const { header } = frames[0]
  const context = { join: 'verbatim', history: [], startedAt: 0, utcOffsetMinutes: 0, source: 'bench' }
  const muxer = format.createMuxer(header, { ...context, serial: 1, opusPrerollMs: 400 })
  const handle = openSync(bigPath, 'w')
  let bytes = writeSync(handle, muxer.begin())
  while (bytes < BIG_BYTES) for (const span of frames) bytes += writeSync(handle, muxer.write(span))
  const { tail, patches } = muxer.end()
  writeSync(handle, tail)
  for (const patch of patches) writeSync(handle, patch.bytes, 0, patch.bytes.length, patch.offsetBytes)
  closeSync(handle)
  return muxer.counts.samples / header.info.sampleRateHz
}

/** MP3 at 44.1 kHz is padded the same way every 49 frames: as many as keep the rate constant where the minute begins again. */
function wholeCycles(spans) {
  const frames = spans.reduce((sum, span) => sum + span.frames, 0)
  let left = frames - (frames % 49)
  return spans.flatMap((span) => {
    const part = left >= span.frames ? span : left > 0 ? span.slice(0, left) : undefined
    left -= span.frames
    return part ? [part] : []
  })
}
