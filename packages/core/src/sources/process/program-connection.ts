import { SourceError } from '../../errors.js'
import type { Chunk, PcmLayout } from '../../model.js'
import { sleep } from '../../time/clock.js'
import type { Clock } from '../../time/clock.js'
import { ArrivalQueue } from '../arrival-queue.js'
import { printable, redactText } from '../redact.js'
import type { Connection } from '../source.js'
import { ProcessGroup } from './process-group.js'
import type { Program } from './spawn-program.js'

/** How much of what a program says on stderr is kept for an error message. */
const LAST_WORDS_CHARACTERS = 4000
const LAST_WORDS_LINES = 5

/** How long the pipes of an ended program may take to run dry. */
const DRAIN_MS = 500

/** How a program ended. */
export interface ProgramExit {
  /** Exit code; null when a signal ended it. */
  readonly code: number | null
  /** The signal that ended it. */
  readonly signal: NodeJS.Signals | null
  /** The end of what it said on stderr, as it came. */
  readonly words: string
}

/** What a {@link ProgramConnection} needs beside its program. */
export interface ProgramConnectionOptions {
  /** Name of the source. */
  readonly source: string
  readonly program: string
  readonly signal: AbortSignal
  readonly clock: Clock
  readonly pcm?: PcmLayout
  readonly pace: 'live' | 'unpaced'
  readonly killTimeoutMs: number
  /** Told what the program says on stderr, as it comes. */
  readonly onWords?: (text: string) => void
  /** Why the program ended by itself; undefined for a clean end. @defaultValue an error unless it exited with 0 */
  readonly explainExit?: (exit: ProgramExit) => SourceError | undefined
}

/** The standard output of a running program. */
export class ProgramConnection implements Connection {
  readonly contentType = ''
  readonly pcm?: PcmLayout
  readonly pace: 'live' | 'unpaced'
  readonly facts: Readonly<Record<string, string>>
  readonly #child: Program
  readonly #group: ProcessGroup
  readonly #options: ProgramConnectionOptions
  readonly #queue: ArrivalQueue
  readonly #chunks: AsyncGenerator<Chunk, void, undefined>
  readonly #onAbort = () => void this.#stop()
  readonly #closed = new AbortController()
  #lastWords = ''
  #receivedBytes = 0
  #stopped: Promise<void> | undefined

  constructor(child: Program, options: ProgramConnectionOptions) {
    if (options.pcm) this.pcm = options.pcm
    this.pace = options.pace
    this.facts = { program: options.program, pid: String(child.pid) }
    this.#child = child
    this.#group = new ProcessGroup(child)
    this.#options = options
    const { stdout, stderr } = child
    this.#queue = new ArrivalQueue({ pause: () => stdout.pause(), resume: () => stdout.resume() })
    this.#chunks = this.#read()
    stdout.on('data', (bytes: Uint8Array) => {
      this.#receivedBytes += bytes.length
      this.#queue.push(bytes, options.clock.monotonicMs())
    })
    stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#lastWords = (this.#lastWords + text).slice(-LAST_WORDS_CHARACTERS)
      options.onWords?.(text)
    })
    // A pipe that breaks shows as the end of the program; without listeners it would end the recorder.
    for (const pipe of [stdout, stderr]) pipe.on('error', () => {})
    child.once('close', (code, signal) => this.#onClose(code, signal))
    if (options.signal.aborted) void this.#stop()
    else options.signal.addEventListener('abort', this.#onAbort, { once: true })
  }

  /** Bytes that came out of the program so far, read or still queued. */
  get receivedBytes(): number {
    return this.#receivedBytes
  }

  /** Breaks the connection for a reason that the program does not know of: what came before is still read. */
  fail(error: SourceError): void {
    this.#queue.end(error)
    void this.#stop()
  }

  [Symbol.asyncIterator](): AsyncIterator<Chunk> {
    return this.#chunks
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#queue.clear()
    this.#queue.end()
    this.#letGo()
    return this.#stop()
  }

  async *#read(): AsyncGenerator<Chunk, void, undefined> {
    try {
      for (let arrival = await this.#queue.read(); arrival; arrival = await this.#queue.read()) yield arrival
    } finally {
      await this[Symbol.asyncDispose]()
    }
  }

  /** Ends the program; what it still says on its way out stays readable. */
  #stop(): Promise<void> {
    this.#stopped ??= this.#terminate()
    return this.#stopped
  }

  async #terminate(): Promise<void> {
    const { clock, killTimeoutMs, signal } = this.#options
    signal.removeEventListener('abort', this.#onAbort)
    await this.#group.terminate(clock, killTimeoutMs)
    // A grandchild that left the group may hold the pipes for ever.
    await sleep(clock, DRAIN_MS, this.#closed.signal)
    this.#queue.end()
    this.#letGo()
  }

  #letGo(): void {
    this.#child.stdout.destroy()
    this.#child.stderr.destroy()
  }

  /** Every writer of stdout is gone. */
  #onClose(code: number | null, signal: NodeJS.Signals | null): void {
    this.#closed.abort()
    const { explainExit = (exit) => this.#exitError(exit) } = this.#options
    this.#queue.end(this.#stopped ? undefined : explainExit({ code, signal, words: this.#lastWords }))
    void this.#stop()
  }

  #exitError({ code, signal, words: lastWords }: ProgramExit): SourceError | undefined {
    if (code === 0) return undefined
    const lines = lastWords.split(/[\r\n]+/).filter((line) => line.trim() !== '')
    const words = printable(redactText(lines.slice(-LAST_WORDS_LINES).join(' | ')), 500)
    const how = signal ? `was ended by ${signal}` : `exited with code ${code}`
    const message = `${this.#options.program} ${how}${words === '' ? ' and said nothing' : `: ${words}`}`
    return new SourceError('ISR_SOURCE_FAILED', message, { source: this.#options.source })
  }
}
