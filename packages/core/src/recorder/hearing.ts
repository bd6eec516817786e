import type { GuardedEmitter } from '../events.js'
import type { EpochMs } from '../model.js'
import type { Connection } from '../sources/source.js'
import type { RecorderEvents } from './events.js'
import { LevelAnnouncer, type LevelReading } from './levels/level-announcer.js'
import { LevelsTap } from './levels/levels-tap.js'
import { LoudnessTap } from './levels/loudness-tap.js'
import { openPcmMeter } from './levels/span-meter.js'
import { LiveAudio } from './live/live-audio.js'
import { Urgency } from './live/urgency.js'
import type { SourceRecorderOptions } from './source-recorder-options.js'
import type { RecordingTap } from './tap.js'
import { SoundWatch } from './trigger/sound-watch.js'
import type { RunTrigger } from './trigger/trigger-gate.js'

/** What a {@link Hearing} works with. */
export type HearingOptions = Pick<
  SourceRecorderOptions,
  'clock' | 'levels' | 'silence' | 'trigger' | 'loudness' | 'taps'
> & {
  /** Name of the source. */
  readonly source: string
  /** How long a connection may collect bytes while nobody waits for them, in milliseconds. */
  readonly restMs: number
  /** Announces what is heard. */
  readonly events: GuardedEmitter<RecorderEvents>
  /** Told of what was survived; must not throw. */
  readonly onWarning: (code: string, message: string) => void
}

/** What is heard of a source while it is recorded: levels, loudness, silence and sound; and who hears the audio itself. */
export class Hearing {
  /** For who wants to hear it now. */
  readonly live: LiveAudio
  /** Whether levels are measured though nobody listens to them. */
  readonly isMeasured: boolean
  /** See every file. */
  readonly taps: readonly RecordingTap[]
  readonly #urgency: Urgency
  readonly #announcer: LevelAnnouncer
  readonly #levels: LevelsTap
  readonly #sound: SoundWatch

  constructor(options: HearingOptions) {
    const { source, events, clock, levels, loudness, onWarning } = options
    this.#urgency = new Urgency(options.restMs)
    this.live = new LiveAudio(source, (isHeard) => this.#urgency.set('listeners', isHeard))
    events.watch('level', (isHeard) => this.#urgency.set('levels', isHeard))
    this.#announcer = new LevelAnnouncer(clock, (level) => events.emit('level', { source, ...level }))
    this.#sound = new SoundWatch(options)
    const followers = [...(levels?.followers ?? []), ...this.#sound.followers]
    this.isMeasured = followers.length > 0
    this.#levels = new LevelsTap({
      followers,
      announcer: this.#announcer,
      isHeard: () => events.listenerCount('level') > 0,
      openMeters: levels?.openMeter ? [openPcmMeter, levels.openMeter] : [openPcmMeter],
      onFault: ({ code, message }) => onWarning(code, message),
    })
    const onLoudness = new LoudnessTap(({ name }, measured) => events.emit('loudness', { source, name, ...measured }))
    this.taps = [this.#levels, ...(loudness ? [onLoudness] : []), ...(options.taps ?? [])]
  }

  /** The last levels; undefined while none are measured. */
  get level(): LevelReading | undefined {
    return this.#announcer.last
  }

  /** Since when it has been too silent; undefined while it is not. */
  get silentSince(): EpochMs | undefined {
    return this.#sound.silentSince
  }

  /** Has runs record only sound; undefined when they record everything. */
  get trigger(): RunTrigger | undefined {
    return this.#sound.trigger
  }

  /** Where the audio comes from now: it is told to come at once while somebody waits for it. */
  follow(connection: Pick<Connection, 'mayWait'>): void {
    this.#urgency.follow(connection)
  }

  /** The end is near: what has arrived comes now. @returns undefined when none of it can be waiting */
  gather(): Promise<void> | undefined {
    return this.#urgency.gather()
  }

  /** Resolves when the levels of every closed file are told. */
  async settled(): Promise<void> {
    await this.#levels.settled()
  }
}
