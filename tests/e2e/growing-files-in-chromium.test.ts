import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { livePatcherFor } from '../../packages/core/src/live/live-patchers.js'
import { frameAll, framesOf } from '../../packages/core/test/formats/support/framing.js'
import { drive, growHalf, servedBytes } from '../../packages/core/test/live/support/growing.js'
import { AUDIO_KINDS, encodeKind, ENCODER_TOOLS } from '../../packages/core/test/support/audio-kinds.js'
import { describeWithTools } from './rig/require-tool.js'
import { tempDir } from './rig/temp-dir.js'
import { hearInChromium } from './support/chromium.js'

/**
 * Seconds that Chromium may show beyond those that are heard, as it does for finished files: it takes the hidden pre-roll of
 * Opus for audio, and before version 150 the packet that primes a Vorbis decoder; ADTS declares no length, so it guesses.
 */
const shownBeyond: Readonly<Record<string, readonly number[]>> = { opus: [0.4], ogg: [0, 1024 / 44100] }

describeWithTools(['chromium', ...ENCODER_TOOLS], 'growing files in Chromium', () => {
  it('have the length of what is there', async () => {
    const folder = tempDir('isr-growing-')
    const cases = AUDIO_KINDS.flatMap((kind) => {
      const file = growHalf(kind, encodeKind(kind, 5), 'exact')
      return [0.4, 0.83].map((part, index) => {
        const { view } = drive(livePatcherFor(kind.format.name)!, file.bytes, Math.floor(file.bytes.length * part))
        const path = join(folder, `${kind.name.replaceAll(' ', '-')}-${index}.${kind.extension}`)
        const served = servedBytes(file.bytes, view)
        writeFileSync(path, served)
        const samples = view.samples ?? framesOf(frameAll(kind.format, served)).length * 1024
        return { kind, path, rateHz: kind.rateHz, samples }
      })
    })
    const heard = await hearInChromium(cases)
    expect(heard.map(({ samples, complaint }) => ({ samples, complaint }))).toEqual(
      cases.map(({ samples }) => ({ samples, complaint: '' })),
    )
    for (const [index, { kind, samples }] of cases.entries()) {
      const beyond = heard[index].durationSeconds - samples / kind.rateHz
      const allowed = kind.extension === 'aac' ? 0.01 : 0.0001
      const asShown = (shownBeyond[kind.extension] ?? [0]).some((more) => Math.abs(beyond - more) < allowed)
      expect({ kind: kind.name, asShown }).toEqual({ kind: kind.name, asShown: true })
    }
  })
})
