import { render, type CorpusFile, type RenderOptions } from './render.js'
import { scenes, type Scene } from './scenes.js'

/** What may be looked at while a detector is worked on. */
export const TUNING_SEEDS: readonly number[] = [1, 2, 3]
/** What its published figures are measured on, and nothing else. */
export const HELD_OUT_SEEDS: readonly number[] = [11, 12, 13]

/** The files of one scene. */
export interface SceneFiles {
  readonly scene: Scene
  readonly files: readonly CorpusFile[]
}

/** Ten minutes of a place, in files of about 200 s, with events from 18 to 40 dB over its background. */
const tenMinutes: Omit<RenderOptions, 'seed'> = { seconds: 600, fileSeconds: 200, overDb: [18, 40] }

/** Every scene, once for each seed. */
export function corpus(seeds: readonly number[], options: Partial<RenderOptions> = {}): SceneFiles[] {
  return scenes.map((scene, index) => ({
    scene,
    files: seeds.flatMap((seed) => render(scene, { ...tenMinutes, ...options, seed: seed * 100 + index })),
  }))
}
