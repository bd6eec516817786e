import { closeSync, openSync, readSync } from 'node:fs'
import { extname } from 'node:path'
import { adtsFault } from './adts-walk.js'
import { runTool } from './run-tool.js'

/** What one validator said against a file. */
export interface CheckerComplaint {
  /** Path of the file. */
  readonly file: string
  /** Name of the validator. */
  readonly checker: string
  /** Its exit code. */
  readonly exitCode: number
  /** The lines that do not belong to a good file. */
  readonly lines: readonly string[]
}

/** What a validator may say all the same. */
export interface AllowedWords {
  readonly checker: string
  readonly line: RegExp
  /** How often at most in one file. */
  readonly atMost: number
  /** Exit code that goes with it. Default 0. */
  readonly exitCode?: number
}

/** What a verbatim MP3 cut out of a stream cannot help: no tag, and frames that want the bit reservoir before the cut. */
export const VERBATIM_MP3: readonly AllowedWords[] = [
  { checker: 'mp3val', line: /^WARNING: ".*": No supported tags in the file$/, atMost: 1 },
  { checker: 'mp3val', line: /^WARNING: ".*": VBR detected, but no VBR header is present\./, atMost: 1 },
  { checker: 'mpg123', line: /part2_3_length \(\d+\) too large for available bit count/, atMost: 4 },
  { checker: 'mpg123', line: /missing \d+ bytes in bit reservoir/, atMost: 4 },
]

/**
 * A Vorbis file of one packet: the packet that primes the decoder stands on a page of its own, at position 0, which Vorbis I
 * allows and ogginfo minds. In any other place oggz-validate minds it, or ffmpeg loses samples.
 */
export const ONE_PACKET_VORBIS: readonly AllowedWords[] = [
  { checker: 'ogginfo', line: /^Negative or zero granulepos \(0\) on Vorbis stream/, atMost: 1, exitCode: 1 },
]

/** mp3check knows no MPEG-2.5. */
export const MPEG_2_5: readonly AllowedWords[] = [
  { checker: 'mp3check', line: /^.*\.mp3:$/, atMost: 1, exitCode: 1 },
  { checker: 'mp3check', line: /^not an audio mpeg stream$/, atMost: 1, exitCode: 1 },
]

interface Checker {
  readonly name: string
  readonly command: readonly string[]
  /** Lines that belong to a good file; anything else is a complaint. */
  readonly usual: readonly RegExp[]
}

const ffmpeg: Checker = {
  name: 'ffmpeg',
  command: ['ffmpeg', '-nostdin', '-v', 'warning', '-xerror', '-i', '{}', '-map', '0:a', '-f', 'null', '-'],
  usual: [/Estimating duration from bitrate/, /Guessed Channel Layout/],
}

const mp3: readonly Checker[] = [
  { name: 'mp3val', command: ['mp3val', '{}'], usual: [/^MP3val/, /^Analyzing file/, /^INFO:/, /^Done!$/] },
  {
    name: 'mpg123',
    command: ['mpg123', '-t', '{}'],
    usual: [
      /^High Performance MPEG/,
      /^\s*version \d/,
      /^\s*free software/,
      /^Playing MPEG stream/,
      /^Directory:/,
      /^MPEG \d\.\d L /,
      /^\s*(Title|Artist|Album|Year|Genre|Comment|Encoded by|Track):/i,
      /^\[\d+:\d\d\] Decoding of .* finished\.$/,
      /^Note: .*gapless/,
      /^> \d/,
      /^main:/,
    ],
  },
  { name: 'mp3check', command: ['mp3check', '-e', '-B', '-S', '-G', '{}'], usual: [] },
]

// never with -q: it then keeps its errors to itself and exits 0
const faad: Checker = {
  name: 'faad',
  command: ['faad', '-o', '/dev/null', '{}'],
  usual: [
    /^ \*{5,}/,
    /^ (Build|Copyright|bug tracking|This program|it under the terms|Floating point|http:)/,
    /^.* file info:$/,
    /^ADTS, [\d.]+ sec, \d+ kbps, \d+ Hz/,
    /^ {2}-{21}$/,
    /^ \| (Config: {2}\d|Ch \|| *\d\d \| ).*\|$/,
    /^\d+% decoding .*\.$/,
    /^Decoding .* took: /,
  ],
}

const ogg: readonly Checker[] = [
  { name: 'oggz-validate', command: ['oggz-validate', '{}'], usual: [] },
  {
    name: 'ogginfo',
    command: ['ogginfo', '{}'],
    usual: [
      /^Processing file/,
      /^New logical stream/,
      /^(Vorbis|FLAC|Opus) (headers parsed|stream \d+)/,
      /^(Version|Vendor|Channels|Rate|Preskip|Output gain|Mapping family|Padding|Bist per sample):/,
      /^(Nominal|Upper|Lower) bitrate/,
      /^\s*(Total data length|Playback length|Average bitrate):/,
      /^User comments section follows/,
      /^\t[^\t:=]+=/,
      /^Logical stream \d+ ended$/,
      /^Note: Stream \d+ has serial number/,
    ],
  },
]

const opus: readonly Checker[] = [
  {
    name: 'opusinfo',
    command: ['opusinfo', '{}'],
    usual: [
      /^Processing file/,
      /^New logical stream/,
      /^Encoded with /,
      /^User comments section follows/,
      /^\t[^\t:=]+=/,
      /^Opus stream \d+:$/,
      /^\t(Pre-skip|Playback gain|Channels|Original sample rate|Packet duration|Page duration|Total data length|Playback length|Average bitrate):/,
      /^Logical stream \d+ ended$/,
    ],
  },
  { name: 'opusdec', command: ['opusdec', '--quiet', '{}', '/dev/null'], usual: [] },
]

const vorbis: Checker = { name: 'oggdec', command: ['oggdec', '-Q', '-o', '/dev/null', '{}'], usual: [] }
const oggFlac: Checker = { name: 'flac', command: ['flac', '-t', '-s', '--ogg', '{}'], usual: [] }

const flac: readonly Checker[] = [
  { name: 'flac', command: ['flac', '-t', '-s', '{}'], usual: [] },
  { name: 'metaflac', command: ['metaflac', '--show-total-samples', '--no-filename', '{}'], usual: [/^[1-9]\d*$/] },
]

/** Programs that {@link checkFile} may call. */
export const CHECKER_TOOLS =
  'ffmpeg mp3val mpg123 mp3check faad oggz-validate ogginfo opusinfo opusdec oggdec flac metaflac sox'.split(' ')

/**
 * Asks every validator that knows the kind of file (by extension, and in Ogg by content), each with a time-out.
 * @returns what they had to say against it; empty for a perfect file
 */
export async function checkFile(
  path: string,
  options: { readonly allow?: readonly AllowedWords[]; readonly timeoutMs?: number } = {},
): Promise<CheckerComplaint[]> {
  const complaints = await Promise.all(
    checkersFor(path).map((checker) => ask(checker, path, options.allow ?? [], options.timeoutMs ?? 60_000)),
  )
  const structure = extname(path) === '.aac' ? adtsFault(path) : undefined
  if (structure) complaints.push([{ file: path, checker: 'adts-walk', exitCode: 1, lines: [structure] }])
  return complaints.flat()
}

/** Checks many files, two at a time. */
export async function checkFiles(
  paths: readonly string[],
  options?: Parameters<typeof checkFile>[1],
): Promise<CheckerComplaint[]> {
  const waiting = [...paths]
  const complaints: CheckerComplaint[] = []
  const worker = async () => {
    for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) {
      complaints.push(...(await checkFile(path, options)))
    }
  }
  await Promise.all([worker(), worker()])
  return complaints
}

function checkersFor(path: string): Checker[] {
  switch (extname(path)) {
    case '.mp3':
      return [ffmpeg, ...mp3]
    case '.aac':
      return [ffmpeg, faad]
    case '.flac':
      return [ffmpeg, ...flac]
    case '.wav':
      return [ffmpeg, { name: 'sox', command: ['sox', '{}', '-n'], usual: [] }]
    case '.ogg':
    case '.oga':
    case '.opus': {
      const head = headOf(path)
      const codec = head.includes('OpusHead')
        ? opus
        : head.includes('vorbis')
          ? [vorbis]
          : head.includes('FLAC')
            ? [oggFlac]
            : []
      return [ffmpeg, ...ogg, ...codec]
    }
    default:
      throw new Error(`no checker knows ${path}`)
  }
}

function headOf(path: string): string {
  const head = Buffer.alloc(64)
  const handle = openSync(path, 'r')
  const length = readSync(handle, head, 0, head.length, 0)
  closeSync(handle)
  return head.toString('latin1', 0, length)
}

async function ask(
  checker: Checker,
  file: string,
  allow: readonly AllowedWords[],
  timeoutMs: number,
): Promise<CheckerComplaint[]> {
  const [command, ...args] = checker.command.map((part) => part.replace('{}', file))
  const { exitCode, output } = await runTool(command, args, timeoutMs)
  const used = new Map<AllowedWords, number>()
  let usualExitCode = 0
  const isAllowed = (line: string) => {
    const words = allow.find((one) => one.checker === checker.name && one.line.test(line))
    if (!words) return false
    usualExitCode = words.exitCode ?? usualExitCode
    used.set(words, (used.get(words) ?? 0) + 1)
    return used.get(words)! <= words.atMost
  }
  const lines = output
    .split(/[\r\n]+/)
    .filter((line) => line.trim() !== '' && !checker.usual.some((usual) => usual.test(line)) && !isAllowed(line))
  return exitCode === usualExitCode && lines.length === 0 ? [] : [{ file, checker: checker.name, exitCode, lines }]
}
