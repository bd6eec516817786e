import type { LevelFollower } from '../../analysis/levels/follower.js'
import { SilenceAlarm, type SilenceOptions } from '../../analysis/silence/silence-alarm.js'
import type { GuardedEmitter } from '../../events.js'
import type { EpochMs } from '../../model.js'
import type { RecorderEvents } from '../events.js'
import { SilenceFollower } from '../levels/silence-follower.js'
import { openPcmMeter } from '../levels/span-meter.js'
import type { RunTrigger } from './trigger-gate.js'
import type { TriggerSettings } from './trigger-options.js'

/** What a {@link SoundWatch} watches for. */
export interface SoundWatchOptions {
  /** Name of the source. */
  readonly source: string
  readonly events: GuardedEmitter<RecorderEvents>
  /** The dead-air alarm. Default none. */
  readonly silence?: SilenceOptions
  /** Only sound is recorded. Default everything is. */
  readonly trigger?: TriggerSettings
}

/** Whether there is anything to be heard from a source: announces silence and sound, and has runs record only that when it shall be so. */
export class SoundWatch {
  /** For the runs of a recorder; undefined when they record everything. */
  readonly trigger?: RunTrigger
  /** For the levels of its files. */
  readonly followers: readonly LevelFollower[]
  readonly #alarm?: SilenceAlarm

  constructor({ source, events, silence, trigger }: SoundWatchOptions) {
    this.#alarm =
      silence &&
      new SilenceAlarm(silence, {
        onStart: (event) => events.emit('silence:start', { source, ...event }),
        onEnd: (event) => events.emit('silence:end', { source, ...event }),
      })
    const levels = this.#alarm
    // files hold only what is loud: silence is before them
    this.followers = levels && !trigger ? [new SilenceFollower(levels)] : []
    this.trigger = trigger && {
      trigger,
      openMeters: trigger.openMeter ? [openPcmMeter, trigger.openMeter] : [openPcmMeter],
      ...(levels && { levels }),
      onStart: (event) => events.emit('trigger:start', { source, ...event }),
      onEnd: (event) => events.emit('trigger:end', { source, ...event }),
    }
  }

  /** Since when it has been too silent; undefined while it is not. */
  get silentSince(): EpochMs | undefined {
    return this.#alarm?.silentSince
  }
}
