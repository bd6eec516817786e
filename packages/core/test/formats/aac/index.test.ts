import { afterAll, expect, it } from 'vitest'
import { describeWithTools } from '../../../../../tests/e2e/rig/require-tool.js'
import { aacFormat } from '../../../src/formats/aac/index.js'
import { createFolder, encodeAac } from '../support/encoded.js'
import { hex, join, splitInto } from '../support/framing.js'
import { decodeByFfmpeg, expectSilent, writeTo } from '../support/judges.js'

const folder = createFolder()
afterAll(() => folder.remove())

describeWithTools(['ffmpeg', 'faad'], 'aacFormat', () => {
  for (const how of ['verbatim', 'exact'] as const) {
    it(`makes files of the received frames, silent in every checker: ${how}`, async () => {
      const stream = encodeAac()
      const files = splitInto(aacFormat, stream, { cuts: [60, 61, 120], join: how })
      expect(hex(join(...files.map((file) => file.bytes)))).toBe(hex(stream))
      expect(files[0].counts).toEqual({ frames: 60, samples: 61_440, prerollFrames: 0, prerollSamples: 0 })
      for (const index of [0, 2, 3]) {
        const path = writeTo(folder.file(`part${index}.aac`), files[index].bytes)
        await expectSilent(path)
        const [pcm] = decodeByFfmpeg([path], 'aac')
        expect(pcm.length).toBe(2 * files[index].counts.samples)
      }
    })
  }
})
