import { FakeClock } from '@isr/core/testing'
import type { Interruptions, Io } from '../../src/io.js'
import type { Output } from '../../src/output/output.js'

/** An output that keeps what is written. */
export class FakeOutput implements Output {
  text = ''
  busy = false
  dropped = 0
  isTerminal = false
  hasColors = false
  columns = 80
  rows = 24

  constructor(facts: Partial<Pick<FakeOutput, 'isTerminal' | 'hasColors' | 'columns' | 'rows'>> = {}) {
    Object.assign(this, facts)
  }

  get lines(): string[] {
    return this.text.split('\n').filter((line) => line !== '')
  }

  write(text: string): void {
    this.text += text
  }

  takeDropped(): number {
    const { dropped } = this
    this.dropped = 0
    return dropped
  }

  drain(): Promise<void> {
    return Promise.resolve()
  }
}

/** A world in which a test is the user. */
export class FakeIo implements Io {
  readonly stdout: FakeOutput
  readonly stderr: FakeOutput
  readonly clock = new FakeClock()
  readonly exits: number[] = []
  env: Record<string, string | undefined> = {}
  #interruptions?: Interruptions

  constructor(stdout = new FakeOutput(), stderr = new FakeOutput()) {
    this.stdout = stdout
    this.stderr = stderr
  }

  listen(interruptions: Interruptions): () => void {
    this.#interruptions = interruptions
    return () => {
      this.#interruptions = undefined
    }
  }

  exit(code: number): void {
    this.exits.push(code)
  }

  /** Whether a command listens for signals. */
  get isListening(): boolean {
    return this.#interruptions !== undefined
  }

  signal(signal: Parameters<Interruptions['onSignal']>[0]): void {
    this.#interruptions?.onSignal(signal)
  }

  fatal(error: unknown): void {
    this.#interruptions?.onFatal(error)
  }
}
