import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { aacFormat } from '../../packages/core/src/formats/aac/index.js'
import { m4aContainer } from '../../packages/core/src/formats/mp4/index.js'
import { splitInto } from '../../packages/core/test/formats/support/framing.js'
import { audioKind, encodeKind, ENCODER_TOOLS } from '../../packages/core/test/support/audio-kinds.js'
import { describeWithTools } from './rig/require-tool.js'
import { tempDir } from './rig/temp-dir.js'
import { hearInChromium } from './support/chromium.js'

describeWithTools(['chromium', ...ENCODER_TOOLS], 'AAC in MP4 in Chromium', () => {
  it('has the length of its span', async () => {
    const folder = tempDir('isr-m4a-')
    const stereo = audioKind('AAC')
    const cases = [stereo, { ...stereo, rateHz: 22050 }].flatMap((kind) => {
      const files = splitInto({ ...aacFormat, ...m4aContainer }, encodeKind(kind, 4), { cuts: [1, 30, 55] })
      return files.map(({ bytes, counts }, index) => {
        const path = join(folder, `${kind.rateHz}-${index}.m4a`)
        writeFileSync(path, bytes)
        return { path, rateHz: kind.rateHz, samples: counts.samples }
      })
    })
    const heard = await hearInChromium(cases)
    expect(heard.map(({ samples, complaint }) => ({ samples, complaint }))).toEqual(
      cases.map(({ samples }) => ({ samples, complaint: '' })),
    )
    for (const [index, { samples, rateHz }] of cases.entries()) {
      expect(heard[index].durationSeconds).toBeCloseTo(samples / rateHz, 5)
    }
  })
})
