import { LiveAdtsPatcher } from './patchers/live-adts-patcher.js'
import { LiveFlacPatcher } from './patchers/live-flac-patcher.js'
import { LiveMp3Patcher } from './patchers/live-mp3-patcher.js'
import { LiveOggPatcher } from './patchers/live-ogg-patcher.js'
import type { LivePatcher } from './live-patcher.js'
import { LiveWavPatcher } from './patchers/live-wav-patcher.js'

const PATCHERS: Readonly<Record<string, (() => LivePatcher) | undefined>> = {
  aac: () => new LiveAdtsPatcher(),
  flac: () => new LiveFlacPatcher(),
  mp3: () => new LiveMp3Patcher(),
  ogg: () => new LiveOggPatcher(),
  wav: () => new LiveWavPatcher(),
}

/**
 * A patcher for one growing file.
 * @param format - name of its format: `mp3`, `aac`, `ogg`, `flac`, `wav`
 * @returns undefined for any other format
 */
export function livePatcherFor(format: string): LivePatcher | undefined {
  return Object.hasOwn(PATCHERS, format) ? PATCHERS[format]?.() : undefined
}
