import { openSync, readSync, closeSync } from 'node:fs'
import { expect } from 'vitest'
import { flacTotals, opusinfoDurationSeconds, probeDurationSeconds } from '../rig/probe.js'
import { runTool } from '../rig/run-tool.js'
import type { Part } from './record-cut.js'
import type { StreamKind } from './streams.js'

/** ffprobe writes microseconds. */
const PROBE_ERROR_SECONDS = 0.000_001
/** mediainfo and opusinfo write milliseconds. */
const MILLISECOND = 0.001

/**
 * Expects that programs show the length of each part: what is heard and, in the two formats whose players count it, what is
 * hidden. ffprobe and mediainfo count all of MP3's frames but the Info frame, and all of Opus before the pre-skip is taken off;
 * opusinfo takes it off. Of all other formats nothing is hidden: Vorbis' priming packet has no samples.
 */
export async function expectRightDurations(kind: StreamKind, parts: readonly Part[]): Promise<void> {
  const shown = await mediainfoSeconds(parts.map(({ path }) => path))
  for (const [index, { path, line }] of parts.entries()) {
    const seconds = (line.samples + hiddenSamples(kind, path, line)) / kind.rateHz
    expectNear(`ffprobe ${line.name}`, await probeDurationSeconds(path), seconds, PROBE_ERROR_SECONDS)
    expectNear(`mediainfo ${line.name}`, shown[index], seconds, MILLISECOND)
    if (kind.extension === '.opus') {
      expectNear(`opusinfo ${line.name}`, await opusinfoDurationSeconds(path), line.samples / 48000, MILLISECOND)
    }
    if (kind.extension === '.flac' || kind.extension === '.oga') expect(flacTotals(path).samples).toBe(line.samples)
  }
}

/** Samples that are not heard, and that players count all the same. */
function hiddenSamples(kind: StreamKind, path: string, line: Part['line']): number {
  if (kind.extension === '.mp3') return line.prerollSamples
  if (kind.extension !== '.opus') return 0
  const preSkip = readPreSkip(path)
  // the first file hides what the encoder hid
  expect(preSkip).toBe(line.seq === 0 ? 312 : line.prerollSamples)
  return preSkip
}

/** @source RFC 7845 §5.1 */
function readPreSkip(path: string): number {
  const head = Buffer.alloc(100)
  const handle = openSync(path, 'r')
  readSync(handle, head, 0, head.length, 0)
  closeSync(handle)
  return head.readUInt16LE(head.indexOf('OpusHead') + 10)
}

async function mediainfoSeconds(paths: readonly string[]): Promise<number[]> {
  const { stdout } = await runTool('mediainfo', ['--Inform=Audio;%Duration%\\n', ...paths])
  const lines = stdout.toString('utf8').split('\n').slice(0, paths.length)
  expect(lines.length).toBe(paths.length)
  // of less than half a millisecond it says nothing
  return lines.map((milliseconds) => Number(milliseconds) / 1000)
}

function expectNear(what: string, shown: number, wanted: number, error: number): void {
  expect(Math.abs(shown - wanted), `${what} shows ${shown} s instead of ${wanted}`).toBeLessThanOrEqual(error)
}
