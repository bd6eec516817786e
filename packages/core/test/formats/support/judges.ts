import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { expect } from 'vitest'

const NOTHING = /^\s*$/
const MPG123_FACTS =
  /^\s*$|^High Perf|version 1|written and|free soft|^MPEG |Playing MPEG|Terminal|finished|Directory|Title|^ *Album|Comment|Year|Genre|: *$|> [0-9]|encoded by|^main|Note: .*gapless/
const FAAD_FACTS =
  /^\s*$|Ahead|Build|Copyright|http|FAAD2|GNU|General|This|\*\*|file info|ADTS, |Decoding|%|Channels|Position|-----|ch \||Center|front|Left|Right/

type Judge = readonly [tool: string, args: readonly string[], facts: RegExp]

/** Every checker that knows the file says nothing. */
export function expectSilent(path: string): void {
  const judges: Judge[] = [
    [
      'ffmpeg',
      ['-nostdin', '-v', 'warning', '-xerror', '-i', path, '-map', '0:a', '-f', 'null', '-'],
      /^\s*$|Estimating duration from bitrate/,
    ],
  ]
  if (path.endsWith('.aac')) judges.push(['faad', ['-q', '-o', '/dev/null', path], FAAD_FACTS])
  else {
    judges.push(['mp3val', [path], /^\s*$|^MP3val|Analyzing|INFO:|Done!/], ['mpg123', ['-t', path], MPG123_FACTS])
    if (!isMpeg25(path)) judges.push(['mp3check', ['-e', '-B', '-S', '-G', path], NOTHING])
  }
  for (const [tool, args, facts] of judges) {
    const { status, stdout, stderr } = spawnSync(tool, args, { encoding: 'utf8' })
    const words = `${stdout}\n${stderr}`.split(/[\r\n]/).filter((line) => !facts.test(line))
    expect({ tool, path, status, words }).toEqual({ tool, path, status: 0, words: [] })
  }
}

/** mp3check does not know MPEG-2.5. */
function isMpeg25(path: string): boolean {
  return Number(probe(path, 'stream=sample_rate')[0]) < 16000
}

/** What ffprobe says of a file, one value a line. */
export function probe(path: string, entries: string): string[] {
  const args = ['-v', 'error', '-show_entries', entries, '-of', 'default=nokey=1:noprint_wrappers=1', path]
  return execFileSync('ffprobe', args, { encoding: 'utf8' }).trim().split('\n')
}

/** Offset and length of every frame of a file, as ffmpeg's own parser finds them. */
export function ffprobePackets(path: string): { at: number; length: number }[] {
  const args = ['-v', 'error', '-show_entries', 'packet=pos,size', '-of', 'csv=p=0', path]
  const text = execFileSync('ffprobe', args, { encoding: 'utf8', maxBuffer: 1 << 26 })
  return [...text.matchAll(/^(\d+),(\d+)/gm)].map(([, length, at]) => ({ at: Number(at), length: Number(length) }))
}

/** 16-bit PCM of each file by ffmpeg, one process for all. `format` saves short files from wrong guesses. */
export function decodeByFfmpeg(paths: readonly string[], format: 'mp3' | 'aac' = 'mp3'): Int16Array[] {
  const inputs = paths.flatMap((path) => ['-f', format, '-i', path])
  const outputs = paths.flatMap((path, index) => ['-map', `${index}:a`, '-f', 's16le', `${path}.pcm`])
  const { status, stderr } = spawnSync('ffmpeg', ['-nostdin', '-y', '-v', 'error', ...inputs, ...outputs], {
    encoding: 'utf8',
  })
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  return paths.map((path) => samplesOf(readFileSync(`${path}.pcm`)))
}

/** 16-bit PCM of MP3 files by mpg123, one after another. */
export function decodeByMpg123(paths: readonly string[]): Int16Array {
  const { status, stdout, stderr } = spawnSync('mpg123', ['-q', '-s', ...paths], { maxBuffer: 1 << 28 })
  expect({ status, stderr: String(stderr) }).toEqual({ status: 0, stderr: '' })
  return samplesOf(stdout)
}

function samplesOf(bytes: Uint8Array): Int16Array {
  return new Int16Array(Uint8Array.from(bytes).buffer)
}

/** Writes `bytes` where tools can read them. */
export function writeTo(path: string, bytes: Uint8Array): string {
  writeFileSync(path, bytes)
  return path
}

/** How far `parts`, one after another, are from `whole`. */
export function difference(parts: readonly Int16Array[], whole: Int16Array) {
  const joined = new Int16Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    joined.set(part, at)
    at += part.length
  }
  let differing = 0
  let most = 0
  for (let index = 0; index < Math.min(joined.length, whole.length); index++) {
    const distance = Math.abs(joined[index] - whole[index])
    if (distance > 0) differing++
    most = Math.max(most, distance)
  }
  return { samples: joined.length - whole.length, differing, most }
}
