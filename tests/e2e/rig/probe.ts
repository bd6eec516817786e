import { readFileSync } from 'node:fs'
import { runTool } from './run-tool.js'

/** Length as ffprobe shows it to a player. Exact only where the container declares it or the rate is constant. */
export async function probeDurationSeconds(path: string): Promise<number> {
  return numberOf(
    path,
    await say('ffprobe', ['-v', 'error', '-show_entries', 'format=duration', '-of', 'csv=p=0', path]),
  )
}

/** Length as the sum of all packets that ffprobe finds: for ADTS, whose files declare none. */
export async function countedDurationSeconds(path: string): Promise<number> {
  const args = ['-v', 'error', '-select_streams', 'a', '-show_entries', 'packet=duration_time', '-of', 'csv=p=0', path]
  const durations = (await say('ffprobe', args)).trim().split('\n')
  return numberOf(path, String(durations.reduce((sum, duration) => sum + Number.parseFloat(duration), 0)))
}

/** Playback length by opusinfo, pre-skip taken off. */
export async function opusinfoDurationSeconds(path: string): Promise<number> {
  const found = /Playback length: (\d+)m:([\d.]+)s/.exec(await say('opusinfo', [path]))
  return numberOf(path, found ? String(Number(found[1]) * 60 + Number(found[2])) : '')
}

/**
 * Total samples that STREAMINFO declares, native or in Ogg (which metaflac does not read); `flac -t` proves that the
 * frames keep to it.
 * @source RFC 9639 §8.2
 */
export function flacTotals(path: string): { readonly samples: number; readonly seconds: number } {
  const bytes = readFileSync(path)
  const info = bytes.indexOf('fLaC') + 8
  if (info < 8) throw new Error(`${path}: no STREAMINFO`)
  const rateHz = bytes.readUIntBE(info + 10, 3) >> 4
  const samples = (bytes[info + 13] & 0xf) * 2 ** 32 + bytes.readUInt32BE(info + 14)
  return { samples, seconds: samples / rateHz }
}

/** Everything that ffmpeg decodes, as interleaved 16-bit little-endian PCM. */
export async function decodePcm(path: string): Promise<Buffer> {
  const { exitCode, stdout, output } = await runTool(
    'ffmpeg',
    '-nostdin -v error -i'.split(' ').concat(path, '-f', 's16le', '-'),
  )
  if (exitCode !== 0) throw new Error(`ffmpeg cannot decode ${path}: ${output.slice(-200)}`)
  return stdout
}

async function say(command: string, args: readonly string[]): Promise<string> {
  const { exitCode, output, stdout } = await runTool(command, args)
  if (exitCode !== 0) throw new Error(`${command} ${args.join(' ')}: exit ${exitCode}: ${output.trim()}`)
  return stdout.toString('utf8')
}

function numberOf(path: string, text: string): number {
  const value = text.trim() === '' ? NaN : Number(text.trim())
  if (!Number.isFinite(value)) throw new Error(`${path}: no number in ${JSON.stringify(text)}`)
  return value
}
