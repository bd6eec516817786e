import { readFileSync } from 'node:fs'
import { runTool } from '../rig/run-tool.js'

/** Stereo frames of 16 bits that carry their number, from 1 on: the left sample its low half, the right its high half. */
export function numberedFrames(count: number): Buffer {
  const frames = new Uint32Array(count)
  for (let at = 0; at < count; at++) frames[at] = at + 1
  return Buffer.from(frames.buffer)
}

/** The frames of a recording, by ffmpeg; a WAV is also read byte by byte. */
export async function decodedFrames(path: string): Promise<Uint32Array> {
  const { stdout, exitCode, output } = await runTool('ffmpeg', ['-v', 'error', '-i', path, '-f', 's16le', '-'])
  if (exitCode !== 0 || output.length !== stdout.toString('utf8').length) throw new Error(`${path}: ffmpeg complains`)
  if (path.endsWith('.wav') && !readFileSync(path).includes(stdout))
    throw new Error(`${path}: ffmpeg reads other samples`)
  return new Uint32Array(
    stdout.buffer.slice(stdout.byteOffset, stdout.byteOffset + stdout.length - (stdout.length % 4)),
  )
}

/** What a server may swallow of the first audio of a player, in frames. */
const LEAD_IN_FRAMES = 4800

/** What is wrong with frames that should be silence, then on to `count` one after the other, then anything; empty when nothing is. */
export function faultIn(frames: Uint32Array, count: number, leadInFrames = LEAD_IN_FRAMES): string {
  const start = frames.findIndex((frame) => frame !== 0)
  if (start < 0) return 'nothing was heard'
  const first = frames[start]
  if (first > leadInFrames + 1) return `begins with frame ${first}`
  for (let number = first; number <= count; number++) {
    const found = frames[start + number - first]
    if (found !== number) return `frame ${number} of ${count} is ${found}`
  }
  return ''
}
