/** Something that can be recorded from. */
export interface CaptureDevice {
  /** What `device` takes: `default`, `hw:CARD=Device,DEV=0`, the name of a PCM or of a sound server's source. */
  readonly id: string
  /** For people. */
  readonly name: string
  /**
   * `card`: a soundcard, opened by ALSA itself. `source`: what PulseAudio or PipeWire offers.
   * `pcm`: a name of the ALSA configuration.
   */
  readonly kind: 'card' | 'source' | 'pcm'
  /** Other names of the same device that `device` takes. */
  readonly aliases: readonly string[]
  /** Hears what the machine plays, not a microphone. */
  readonly isMonitor: boolean
  /** Program that records from it. */
  readonly program: 'arecord' | 'parec' | 'pw-record'
}
