/** What was heard longer ago is forgotten, so that a day of listening does not fill the memory. */
const KEEP_SECONDS = 300
/** Who is further behind what is recorded is taken closer to it. */
const MAX_BEHIND_SECONDS = 8
const BEHIND_SECONDS = 1

/** Appends a stream without end to a media element, piece by piece. */
export class SourceFeed {
  readonly #audio: HTMLAudioElement
  readonly #buffer: SourceBuffer

  private constructor(audio: HTMLAudioElement, buffer: SourceBuffer) {
    this.#audio = audio
    this.#buffer = buffer
  }

  /** Whether the browser takes such a stream piece by piece. */
  static takes(contentType: string): boolean {
    return 'MediaSource' in globalThis && MediaSource.isTypeSupported(contentType)
  }

  /** Gives the element a stream of this type. */
  static async open(audio: HTMLAudioElement, contentType: string): Promise<SourceFeed> {
    const source = new MediaSource()
    const url = URL.createObjectURL(source)
    audio.src = url
    await once(source, 'sourceopen')
    URL.revokeObjectURL(url)
    const buffer = source.addSourceBuffer(contentType)
    // bare frames tell no time
    if (!contentType.includes('codecs')) buffer.mode = 'sequence'
    return new SourceFeed(audio, buffer)
  }

  /** Plays what comes until it ends or `signal` aborts. */
  async play(stream: ReadableStream<Uint8Array<ArrayBuffer>>, signal: AbortSignal): Promise<void> {
    const reader = stream.getReader()
    for (;;) {
      const { done, value } = await reader.read()
      if (done || signal.aborted) return
      this.#buffer.appendBuffer(value)
      await once(this.#buffer, 'updateend')
      await this.#forget()
      this.#keepUp()
    }
  }

  async #forget(): Promise<void> {
    const before = this.#audio.currentTime - KEEP_SECONDS
    if (this.#buffer.buffered.length === 0 || this.#buffer.buffered.start(0) > before - KEEP_SECONDS / 10) return
    this.#buffer.remove(0, before)
    await once(this.#buffer, 'updateend')
  }

  /** Where somebody has paused, nothing moves. */
  #keepUp(): void {
    const { buffered, currentTime, paused } = this.#audio
    if (buffered.length === 0 || paused) return
    const last = buffered.length - 1
    const end = buffered.end(last)
    if (currentTime < buffered.start(last) || end - currentTime > MAX_BEHIND_SECONDS)
      this.#audio.currentTime = Math.max(buffered.start(last), end - BEHIND_SECONDS)
  }
}

function once(target: EventTarget, event: string): Promise<void> {
  return new Promise((resolve) => target.addEventListener(event, () => resolve(), { once: true }))
}
