import type { ChildProcessByStdio } from 'node:child_process'
import type { Readable } from 'node:stream'

import { SourceError } from '../errors.js'
import type { Chunk, PcmLayout } from '../model.js'
import { sleep } from '../time/clock.js'
import type { Clock } from '../time/clock.js'
import { ArrivalQueue } from './arrival-queue.js'
import { ProcessGroup } from './process-group.js'
import { printable, redactText } from './redact.js'
import type { Connection } from './source.js'

/** How much of what a program says on stderr is kept for an error message. */
const LAST_WORDS_CHARACTERS = 2000
const LAST_WORDS_LINES = 5

/** How long the pipes of an ended program may take to run dry. */
const DRAIN_MS = 500

interface CommandConnectionOptions {
  readonly source: string
  readonly program: string
  readonly signal: AbortSignal
  readonly clock: Clock
  readonly pcm?: PcmLayout
  readonly pace: 'live' | 'unpaced'
  readonly killTimeoutMs: number
}

/** The standard output of a running program. */
export class CommandConnection implements Connection {
  readonly contentType = ''
  readonly pcm?: PcmLayout
  readonly pace: 'live' | 'unpaced'
  readonly facts: Readonly<Record<string, string>>
  readonly #child: ChildProcessByStdio<null, Readable, Readable>
  readonly #group: ProcessGroup
  readonly #options: CommandConnectionOptions
  readonly #queue: ArrivalQueue
  readonly #chunks: AsyncGenerator<Chunk, void, undefined>
  readonly #onAbort = () => void this.#stop()
  readonly #closed = new AbortController()
  #lastWords = ''
  #stopped: Promise<void> | undefined

  constructor(child: ChildProcessByStdio<null, Readable, Readable>, options: CommandConnectionOptions) {
    if (options.pcm) this.pcm = options.pcm
    this.pace = options.pace
    this.facts = { program: options.program, pid: String(child.pid) }
    this.#child = child
    this.#group = new ProcessGroup(child)
    this.#options = options
    const { stdout, stderr } = child
    this.#queue = new ArrivalQueue({ pause: () => stdout.pause(), resume: () => stdout.resume() })
    this.#chunks = this.#read()
    stdout.on('data', (bytes: Uint8Array) => this.#queue.push(bytes, options.clock.monotonicMs()))
    stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#lastWords = (this.#lastWords + text).slice(-LAST_WORDS_CHARACTERS)
    })
    // A pipe that breaks shows as the end of the program; without listeners it would end the recorder.
    for (const pipe of [stdout, stderr]) pipe.on('error', () => {})
    child.once('close', (code, signal) => this.#onClose(code, signal))
    if (options.signal.aborted) void this.#stop()
    else options.signal.addEventListener('abort', this.#onAbort, { once: true })
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
    if (code === 0 || this.#stopped) this.#queue.end()
    else this.#queue.end(this.#exitError(code, signal))
    void this.#stop()
  }

  #exitError(code: number | null, signal: NodeJS.Signals | null): SourceError {
    const lines = this.#lastWords.split(/[\r\n]+/).filter((line) => line.trim() !== '')
    const words = printable(redactText(lines.slice(-LAST_WORDS_LINES).join(' | ')), 500)
    const how = signal ? `was ended by ${signal}` : `exited with code ${code}`
    const message = `${this.#options.program} ${how}${words === '' ? ' and said nothing' : `: ${words}`}`
    return new SourceError('ISR_SOURCE_FAILED', message, { source: this.#options.source })
  }
}
