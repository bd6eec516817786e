import type { LevelFollower, LevelListener } from '../../analysis/levels/follower.js'
import type { LevelBlock } from '../../analysis/levels/levels.js'
import { IsrError } from '../../errors.js'
import type { FrameSpan } from '../../formats/frame-span.js'
import type { HeaderCapture } from '../../formats/header-capture.js'
import type { Recording } from '../../model.js'
import { pluginError } from '../plugins/plugin-guard.js'
import type { FileTap, RecordingTap } from '../tap.js'
import type { LevelAnnouncer } from './level-announcer.js'
import type { OpenSpanMeter, SpanMeter } from './span-meter.js'

/** What a {@link LevelsTap} is made of. */
export interface LevelsTapOptions {
  /** Told of everything that can be measured. */
  readonly followers: readonly LevelFollower[]
  /** Told as soon as there are followers, or somebody hears it. */
  readonly announcer: LevelAnnouncer
  /** Whether somebody hears the announcer. */
  readonly isHeard: () => boolean
  /** The first that takes a header measures its file. */
  readonly openMeters: readonly OpenSpanMeter[]
  /** Told of what failed; must not throw. */
  readonly onFault: (error: IsrError) => void
}

/** Measures the files of a recorder while they are recorded: each frame once, whoever wants to know. */
export class LevelsTap implements RecordingTap {
  readonly #options: LevelsTapOptions
  readonly #closing = new Set<Promise<void>>()
  #warned = false

  constructor(options: LevelsTapOptions) {
    this.#options = options
  }

  open(recording: Recording, header: HeaderCapture): FileTap {
    const file = new MeasuredFile(this.#options, recording, header, () => this.#warnOfUnmeasured(header))
    return {
      write: (span) => file.write(span),
      close: (closed) => {
        const closing = file.close(closed).finally(() => this.#closing.delete(closing))
        this.#closing.add(closing)
      },
    }
  }

  /** Once: what a source sends rarely changes. */
  #warnOfUnmeasured({ info }: HeaderCapture): void {
    if (this.#warned || this.#options.followers.length === 0) return
    this.#warned = true
    const message = `levels of ${info.codec.toUpperCase()} are not measured while it is recorded: there is no decoder for it`
    this.#options.onFault(new IsrError('ISR_DECODER_MISSING', message))
  }

  /** Resolves when the levels of every closed file are told, and their followers are done. */
  async settled(): Promise<void> {
    await Promise.all(this.#closing)
  }
}

/** One file: measured from its start when there are followers, else while somebody hears. */
class MeasuredFile {
  readonly #options: LevelsTapOptions
  readonly #recording: Recording
  readonly #header: HeaderCapture
  readonly #onUnmeasured: () => void
  #listeners = new Map<LevelListener, string>()
  #meter?: SpanMeter
  #state: 'waiting' | 'measuring' | 'done' = 'waiting'
  /** Before what is written next. */
  #samples = 0

  constructor(options: LevelsTapOptions, recording: Recording, header: HeaderCapture, onUnmeasured: () => void) {
    this.#options = options
    this.#recording = recording
    this.#header = header
    this.#onUnmeasured = onUnmeasured
  }

  write(span: FrameSpan): void {
    if (this.#state === 'waiting') this.#begin()
    else if (this.#state === 'measuring' && !this.#isWanted) this.#pause()
    this.#samples += span.samples
    if (this.#state !== 'measuring') return
    try {
      this.#meter?.write(span)
    } catch (error) {
      void this.#end(undefined)
      throw error
    }
  }

  /** Never rejects. */
  async close(recording: Recording): Promise<void> {
    if (this.#state !== 'measuring') return
    try {
      await this.#meter?.end()
      await this.#end(recording)
    } catch (error) {
      this.#options.onFault(pluginError('measuring levels', 'end', error))
      await this.#end(undefined)
    }
  }

  get #isWanted(): boolean {
    return this.#options.followers.length > 0 || this.#options.isHeard()
  }

  /** Nobody hears any more: nothing is measured until somebody does. */
  #pause(): void {
    const meter = this.#meter
    void this.#end(undefined)
    this.#meter = undefined
    this.#state = 'waiting'
    meter?.end().catch(() => {
      // nobody hears of it
    })
  }

  #begin(): void {
    if (!this.#isWanted) return
    const { followers, announcer, openMeters } = this.#options
    this.#state = 'done'
    // a meter that was paused may still tell its last windows, to its own
    const listeners = (this.#listeners = new Map())
    for (const open of openMeters) this.#meter ??= open(this.#header, (block) => this.#tell(block, listeners))
    if (!this.#meter) return this.#onUnmeasured()
    this.#state = 'measuring'
    const { layout } = this.#meter
    const skippedMs = (this.#samples / this.#header.info.sampleRateHz) * 1000
    const { startedAt } = this.#recording
    this.#listeners.set(announcer.open({ startedAt: startedAt + skippedMs }, layout), 'the announcer of levels')
    for (const follower of followers) {
      const whose = `the follower of levels ${follower.constructor.name}`
      this.#guard(whose, 'open', () => {
        const listener = follower.open(this.#recording, layout)
        if (listener) this.#listeners.set(listener, whose)
      })
    }
  }

  #tell(block: LevelBlock, listeners: Map<LevelListener, string>): void {
    for (const [listener, whose] of listeners)
      if (!this.#guard(whose, 'push', () => listener.push(block))) listeners.delete(listener)
  }

  async #end(recording: Recording | undefined): Promise<void> {
    this.#state = 'done'
    const samples = this.#meter?.samples ?? 0
    const closing = [...this.#listeners].map(async ([listener, whose]) => {
      try {
        await listener.close(recording, samples)
      } catch (error) {
        this.#options.onFault(pluginError(whose, 'close', error))
      }
    })
    this.#listeners.clear()
    await Promise.all(closing)
  }

  #guard(whose: string, method: string, work: () => void): boolean {
    try {
      work()
      return true
    } catch (error) {
      this.#options.onFault(pluginError(whose, method, error))
      return false
    }
  }
}
