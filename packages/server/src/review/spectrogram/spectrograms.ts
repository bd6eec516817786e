import { join } from 'node:path'
import type { Editor, LibraryEntry, SpectrogramShape } from '@isr/core'
import { Recent } from '../recent.js'
import { SharedWork } from '../shared-work.js'
import { greyPng } from './grey-png.js'

/** A spectrogram, ready to be sent. */
export interface SpectrogramPicture {
  /** Grey values: 0 is no audio, 255 is 0 dBFS, each step half a decibel. */
  readonly png: Buffer
  /** Where the lowest band begins. */
  readonly lowestHz: number
  /** Where the highest band ends. */
  readonly highestHz: number
  /** Whether only places of each column were looked at. */
  readonly isSampled: boolean
}

const MOST_BYTES = 32 << 20

/** Draws spectrograms in threads; those of recordings that grow no more are kept in memory. */
export class Spectrograms {
  readonly #directory: string
  readonly #editor: Pick<Editor, 'run'>
  readonly #pictures = new Recent<SpectrogramPicture>(MOST_BYTES, ({ png }) => png.length)
  readonly #drawing = new SharedWork<SpectrogramPicture>()

  /**
   * @param directory - folder of the recordings
   * @param editor - decodes and measures
   */
  constructor(directory: string, editor: Pick<Editor, 'run'>) {
    this.#directory = directory
    this.#editor = editor
  }

  /** One that was drawn before. */
  known(key: string): SpectrogramPicture | undefined {
    return this.#pictures.get(key)
  }

  /**
   * Draws one; who asks for the same at the same time gets the same.
   * @param key - names the recording as it is now, and the shape
   * @param signal - of who waits
   * @throws {@link IsrError} as decoding does
   */
  async draw(
    key: string,
    entry: LibraryEntry,
    shape: SpectrogramShape,
    signal: AbortSignal,
  ): Promise<SpectrogramPicture> {
    const picture = await this.#drawing.run(key, signal, (one) => this.#draw(entry, shape, one))
    if (!entry.active) this.#pictures.set(key, picture)
    return picture
  }

  async #draw({ name }: LibraryEntry, shape: SpectrogramShape, signal: AbortSignal): Promise<SpectrogramPicture> {
    const within = this.#directory
    const task = { ...shape, input: join(within, name), within }
    const { levels, columns, bands, ...facts } = await this.#editor.run('spectrogram', task, { signal })
    return { png: await greyPng(levels, columns, bands), ...facts }
  }
}
