import { spawn } from 'node:child_process'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { IsrError, toIsrError } from '../../errors.js'
import type { EncodedAudio, FileDecoder } from '../decoder.js'
import { ffmpegArguments } from './arguments.js'
import { findProgram } from './find-program.js'

/** How much of what ffmpeg says is kept for an error message. */
const LAST_WORDS_CHARACTERS = 400

/** How a program ended. */
interface End {
  readonly failure?: string
}

/** Decodes files with ffmpeg: the only way for AAC, and the quickest for MP3, Vorbis and Opus. */
export class FfmpegDecoder implements FileDecoder {
  readonly #program: string

  /** The ffmpeg on PATH; undefined when there is none. */
  static async find(path?: string): Promise<FfmpegDecoder | undefined> {
    const program = await findProgram('ffmpeg', path)
    return program === undefined ? undefined : new FfmpegDecoder(program)
  }

  /** @param program - path of the program */
  constructor(program: string) {
    this.#program = program
  }

  async *decode(audio: EncodedAudio, signal?: AbortSignal): AsyncGenerator<Uint8Array, void, undefined> {
    const { from } = audio
    const child = spawn(this.#program, ffmpegArguments(audio), {
      stdio: [typeof from === 'string' ? 'ignore' : 'pipe', 'pipe', 'pipe'],
      windowsHide: true,
    })
    // what it is asked for is what it has: with `pipe` both are there
    const [stdout, stderr] = [child.stdout!, child.stderr!]
    let lastWords = ''
    stderr.setEncoding('utf8').on('data', (text: string) => {
      lastWords = (lastWords + text).slice(-LAST_WORDS_CHARACTERS)
    })
    const ended = new Promise<End>((resolve) => {
      child.once('error', (error) => resolve({ failure: `cannot be started: ${error.message}` }))
      child.once('close', (code, by) => resolve(code === 0 ? {} : { failure: `ended by ${by ?? `code ${code}`}` }))
    })
    const kill = () => void child.kill('SIGKILL')
    signal?.addEventListener('abort', kill, { once: true })
    if (signal?.aborted) kill()
    // one that ends early closes its input: how it ended is told below
    const fed = typeof from === 'string' ? Promise.resolve() : pipeline(Readable.from(from), child.stdin!)
    const unfed = fed.then(
      () => undefined,
      (error: unknown) => (isBrokenPipe(error) ? undefined : error),
    )
    let bytes = 0
    try {
      for await (const chunk of stdout as AsyncIterable<Uint8Array>) {
        if (signal?.aborted) break
        bytes += chunk.length
        yield chunk
      }
      const { failure } = await ended
      const unread = await unfed
      if (signal?.aborted) throw new IsrError('ISR_STOPPED', 'stopped before the end')
      if (unread !== undefined) throw toIsrError(unread, 'ISR_STORAGE_FAILED')
      if (failure !== undefined || bytes === 0) throw failed(failure ?? 'found no audio', lastWords)
    } finally {
      signal?.removeEventListener('abort', kill)
      kill()
      stdout.destroy()
    }
  }
}

function isBrokenPipe(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException
  return code === 'EPIPE' || code === 'ECONNRESET' || code === 'ERR_STREAM_PREMATURE_CLOSE'
}

function failed(how: string, lastWords: string): IsrError {
  // it names the file by its whole path, which may tell more than it should
  const words = lastWords
    .replace(/file:\S+/g, 'the file')
    .replace(/\s+/g, ' ')
    .trim()
  return new IsrError('ISR_DECODE_FAILED', `ffmpeg ${how}${words === '' ? '' : `: ${words}`}`)
}
