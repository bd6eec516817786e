import { spawnSync } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { expect } from 'vitest'
import type { Folder } from './fixtures.js'
import { run } from './fixtures.js'

const NOTHING = /^\s*$/
/** Lines that are no complaint. */
const OGGINFO_FACTS =
  /^\s*$|Processing file|New logical|Vorbis headers parsed|^Version|^Vendor|^Channels|^Rate|^Nominal|^Upper|^Lower|bitrate|stream \d*:|Total data|Playback|Average|Logical stream \d* ended|section follows|^User|^\t|Note: Stream \d* has serial|FLAC|type (FLAC|opus|unknown)|use more specific|NB: |Preskip|gain|Mapping family|Padding|Bist per/
const OPUSINFO_FACTS =
  /^\s*$|Processing file|New logical|Encoded with|^User|^\t|Opus stream|Pre-skip|Playback|Channels|Original|Packet|Page dur|Total data|Overhead|Average|Logical stream/

/** Every checker that knows the file says nothing. */
export function expectPerfect(path: string, codec: string): void {
  const judges: [string, string[], RegExp][] = [
    ['ffmpeg', ['-nostdin', '-v', 'warning', '-xerror', '-i', path, '-map', '0:a', '-f', 'null', '-'], NOTHING],
    ['oggz-validate', [path], NOTHING],
    ['ogginfo', [path], OGGINFO_FACTS],
  ]
  if (codec === 'opus')
    judges.push(['opusinfo', [path], OPUSINFO_FACTS], ['opusdec', ['--quiet', path, '/dev/null'], NOTHING])
  if (codec === 'vorbis') judges.push(['oggdec', ['-Q', '-o', '/dev/null', path], NOTHING])
  if (codec === 'flac') judges.push(['flac', ['-t', '-s', '--ogg', path], NOTHING])
  for (const [tool, args, silent] of judges) {
    const { status, stdout, stderr } = spawnSync(tool, args, { encoding: 'utf8' })
    const words = `${stdout}\n${stderr}`.split('\n').filter((line) => !silent.test(line))
    expect({ tool, path, status, words }).toEqual({ tool, path, status: 0, words: [] })
  }
}

/** PCM, 16 bit, of one file by the codec's own decoder. */
export function decode(folder: Folder, path: string, codec: string): Int16Array {
  const raw = folder.file('decoded.raw')
  rmSync(raw, { force: true })
  if (codec === 'vorbis') run('oggdec', '-Q', '-R', '-o', raw, path)
  else if (codec === 'opus') run('opusdec', '--quiet', '--rate', '48000', '--no-dither', path, raw)
  else run('flac', '-d', '-s', '-f', '--ogg', '--force-raw-format', '--endian=little', '--sign=signed', '-o', raw, path)
  const bytes = readFileSync(raw)
  return new Int16Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + (bytes.length & ~1)))
}
