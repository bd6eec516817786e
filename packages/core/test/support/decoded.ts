import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** Interleaved PCM of files by ffmpeg, 32 bits a sample, all in one process. */
export function decodeFiles(paths: readonly string[]): Int32Array[] {
  const inputs = paths.flatMap((path) => ['-i', path])
  const outputs = paths.flatMap((path, index) => ['-map', `${index}:a`, '-f', 's32le', `${path}.pcm`])
  execFileSync('ffmpeg', ['-nostdin', '-y', '-v', 'error', ...inputs, ...outputs], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  return paths.map((path) => new Int32Array(Uint8Array.from(readFileSync(`${path}.pcm`)).buffer))
}

/** Arrays one after another. */
export function joined(parts: readonly Int32Array[]): Int32Array {
  const all = new Int32Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}

/** How far two decoded stretches are apart: in length, in samples that differ, and at most, in steps of 16 bits. */
export function apart(one: Int32Array, other: Int32Array) {
  let differing = 0
  let most = 0
  for (let index = 0; index < Math.min(one.length, other.length); index++) {
    const distance = Math.abs(one[index] - other[index])
    if (distance > 0) differing++
    most = Math.max(most, distance)
  }
  return { samples: one.length - other.length, differing, steps: most / 65536 }
}
