import type { StatusAnswer } from '@isr/server/api'
import { liveUrl } from './api.js'
import { bdi, byId, make } from './dom.js'
import { say } from './notices.js'
import { SourceFeed } from './source-feed.js'

type Sources = StatusAnswer['sources']

const AGAIN_MS = 1000

/** The sources, and what one of them records, to be heard now. */
export class Live {
  readonly #audio = byId<HTMLAudioElement>('live-audio')
  #sources: Sources = []
  #source?: string
  #listening = new AbortController()

  /** Shows what each source does. */
  show(sources: Sources): void {
    this.#sources = sources
    const focused = document.activeElement as HTMLElement | null
    const source = focused?.closest('#live-sources') ? focused.dataset.source : undefined
    byId('live').hidden = sources.length === 0
    byId('live-sources').replaceChildren(...sources.map((one) => this.#item(one)))
    if (source !== undefined)
      byId('live-sources')
        .querySelector<HTMLElement>(`[data-source="${CSS.escape(source)}"]`)
        ?.focus()
  }

  #item({ source, state }: Sources[number]): HTMLElement {
    const isHeard = source === this.#source
    const button = make(
      'button',
      {
        type: 'button',
        'aria-pressed': String(isHeard),
        'aria-label': `Listen to ${source}`,
        disabled: !isHeard && state !== 'recording',
        click: () => (isHeard ? this.stop() : this.#listen(source)),
      },
      'Listen',
    )
    button.dataset.source = source
    return make('li', {}, make('span', {}, bdi(source), `, ${state}`), button)
  }

  /** Nothing is heard any more. */
  stop(): void {
    this.#listening.abort()
    this.#source = undefined
    this.#audio.removeAttribute('src')
    this.#audio.load()
    this.#audio.hidden = true
    this.show(this.#sources)
    say('Listening has ended')
  }

  #listen(source: string): void {
    this.#listening.abort()
    this.#listening = new AbortController()
    this.#source = source
    this.#audio.hidden = false
    this.show(this.#sources)
    say(`Listening to ${source}`)
    void this.#follow(source, this.#listening.signal)
  }

  /** A lost source comes back: who listens hears it again. */
  async #follow(source: string, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await this.#hear(source, signal)
      } catch {
        // the status of the source says what is wrong
      }
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS))
    }
  }

  /** Until the stream ends. */
  async #hear(source: string, signal: AbortSignal): Promise<void> {
    const probe = new AbortController()
    signal.addEventListener('abort', () => probe.abort(), { once: true })
    const response = await fetch(liveUrl(source, 'mse'), { signal: probe.signal })
    if (!response.ok || !response.body) return
    const contentType = response.headers.get('content-type') ?? ''
    if (SourceFeed.takes(contentType)) {
      const feed = await SourceFeed.open(this.#audio, contentType)
      void this.#audio.play().catch(() => {})
      return feed.play(response.body, signal)
    }
    probe.abort()
    await this.#hearItself(source, signal)
  }

  /** What Media Source Extensions do not take, the browser fetches itself. */
  async #hearItself(source: string, signal: AbortSignal): Promise<void> {
    const audio = this.#audio
    const over = new Promise((resolve) => {
      for (const event of ['ended', 'error']) audio.addEventListener(event, resolve, { once: true, signal })
      signal.addEventListener('abort', resolve, { once: true })
    })
    audio.src = liveUrl(source, 'own')
    void audio.play().catch(() => {})
    await over
  }
}
