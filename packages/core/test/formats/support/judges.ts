import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { expect } from 'vitest'
import { checkFile } from '../../../../../tests/e2e/rig/checkers.js'

/** Every checker that knows the file says nothing. */
export async function expectSilent(path: string): Promise<void> {
  const complaints = await checkFile(path)
  // mp3check knows no MPEG-2.5
  const isMpeg25 = path.endsWith('.mp3') && Number(probe(path, 'stream=sample_rate')[0]) < 16000
  expect(complaints.filter(({ checker }) => !(isMpeg25 && checker === 'mp3check'))).toEqual([])
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
