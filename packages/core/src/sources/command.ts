import { basename } from 'node:path'

import { IsrError, SourceError } from '../errors.js'
import type { PcmLayout } from '../model.js'
import { ProgramConnection } from './process/program-connection.js'
import { spawnProgram, type Program } from './process/spawn-program.js'
import { Source } from './source.js'
import type { Connection, ConnectOptions } from './source.js'
import { stoppedError } from './source-error.js'

/** Settings of a {@link CommandSource}. */
export interface CommandSourceOptions {
  /** The program and its arguments, handed over as they are: no shell, no quoting. Other users may see them in the process list. */
  readonly command: readonly string[]
  /** Name of the source. @defaultValue the program's name */
  readonly name?: string
  /** Layout when the program writes raw PCM; absent: the audio format is detected. */
  readonly pcm?: PcmLayout
  /** Working directory. @defaultValue the recorder's own */
  readonly cwd?: string
  /** Whether the program delivers in real time (`live`) or as fast as it is read (`unpaced`). @defaultValue `'live'` */
  readonly pace?: 'live' | 'unpaced'
  /** How long the program may take to end after SIGTERM before it is killed, in milliseconds. @defaultValue 2000 */
  readonly killTimeoutMs?: number
}

/** Records what any program writes to its standard output, for example `ffmpeg ... -f flac -` or `arecord`. */
export class CommandSource extends Source {
  readonly #options: CommandSourceOptions

  /** @throws {@link IsrError} `ISR_ARGUMENT_INVALID` when the command is empty */
  constructor(options: CommandSourceOptions) {
    const program = options.command[0]
    if (!program) throw new IsrError('ISR_ARGUMENT_INVALID', 'command needs a program and its arguments')
    super(options.name ?? basename(program))
    this.#options = options
  }

  /**
   * Starts the program in a process group of its own.
   * @throws {@link SourceError} `ISR_SOURCE_NOT_FOUND` when there is no such program, else `ISR_SOURCE_FAILED`
   */
  override async connect({ signal, clock }: ConnectOptions): Promise<Connection> {
    if (signal.aborted) throw stoppedError()
    const child = await this.#spawn()
    const { pcm, pace = 'live', killTimeoutMs = 2000 } = this.#options
    return new ProgramConnection(child, {
      source: this.name,
      program: this.#program,
      signal,
      clock,
      pcm,
      pace,
      killTimeoutMs,
    })
  }

  get #program(): string {
    return basename(this.#options.command[0])
  }

  async #spawn(): Promise<Program> {
    try {
      return await spawnProgram(this.#options.command, { cwd: this.#options.cwd })
    } catch (error) {
      throw this.#spawnError(error as NodeJS.ErrnoException)
    }
  }

  /** Node's own message repeats every argument, which may hold a secret: only its code is told. */
  #spawnError(error: NodeJS.ErrnoException): SourceError {
    const options = { source: this.name }
    if (error.code !== 'ENOENT') {
      return new SourceError(
        'ISR_SOURCE_FAILED',
        `${this.#program} cannot be started (${error.code ?? 'unknown'})`,
        options,
      )
    }
    const mend =
      this.#options.cwd === undefined ? 'is it installed and on PATH?' : 'is it installed, and does cwd exist?'
    return new SourceError('ISR_SOURCE_NOT_FOUND', `${this.#program} cannot be started: not found; ${mend}`, options)
  }
}
