import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { describeWithTools } from '../../../../../tests/e2e/rig/require-tool.js'
import { Analyzer } from '../../../src/station/analysis/analyzer.js'
import { ENCODER_TOOLS } from '../../support/audio-kinds.js'
import { ebur128 } from '../../support/ebur128.js'

const folder = mkdtempSync(join(tmpdir(), 'isr-surround-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Loud bass effects, which do not count, and loud sides, which count more. */
const SURROUND =
  "aevalsrc='0.05*sin(2*PI*300*t)|0.05*sin(2*PI*350*t)|0.05*sin(2*PI*400*t)|0.9*sin(2*PI*60*t)|0.3*sin(2*PI*500*t)|0.3*sin(2*PI*700*t)':c=5.1:d=4"

describeWithTools(ENCODER_TOOLS, 'loudness of 5.1 channels', () => {
  it.each([
    ['wav', 'pcm_s16le'],
    ['flac', 'flac'],
    ['ogg', 'libvorbis'],
  ])('knows which is which: %s', async (extension, codec) => {
    const path = join(folder, `surround.${extension}`)
    const input = ['-nostdin', '-v', 'error', '-y', '-f', 'lavfi', '-i', SURROUND]
    execFileSync('ffmpeg', [...input, '-c:a', codec, path])
    const analyzer = new Analyzer({ ffmpeg: false, cache: false })
    const { loudness } = await analyzer.analyze(path, { loudness: true })
    await analyzer.close()
    expect(Math.abs(loudness!.integratedLufs! - ebur128(path).integratedLufs)).toBeLessThan(0.1)
  })
})
