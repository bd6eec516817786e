import { join } from 'node:path'
import { beforeAll, expect, it } from 'vitest'
import {
  countedDurationSeconds,
  decodePcm,
  flacTotals,
  opusinfoDurationSeconds,
  probeDurationSeconds,
} from '../e2e/rig/probe.js'
import { describeWithTools } from '../e2e/rig/require-tool.js'
import { runTool } from '../e2e/rig/run-tool.js'
import { tempDir } from '../e2e/rig/temp-dir.js'

describeWithTools(['ffmpeg', 'ffprobe', 'opusenc', 'opusinfo', 'flac'], 'the rig: lengths', () => {
  let folder: string
  const path = (name: string) => join(folder, name)

  beforeAll(async () => {
    folder = tempDir()
    const must = async (command: string, ...args: string[]) =>
      expect(await runTool(command, args)).toMatchObject({ exitCode: 0 })
    const signal = 'sine=frequency=440:sample_rate=44100:duration=2.5'
    await must('ffmpeg', '-v', 'error', '-f', 'lavfi', '-i', signal, '-bitexact', path('in.wav'))
    await must('flac', '-s', path('in.wav'), '-o', path('a.flac'))
    await must('flac', '-s', '--ogg', path('in.wav'), '-o', path('a.oga'))
    await must('opusenc', '--quiet', path('in.wav'), path('a.opus'))
    await must('ffmpeg', '-v', 'error', '-i', path('in.wav'), '-c:a', 'aac', path('a.aac'))
  })

  it('are told apart to the sample', async () => {
    expect(await probeDurationSeconds(path('in.wav'))).toBeCloseTo(2.5, 5)
    expect(flacTotals(path('a.flac'))).toEqual({ samples: 110250, seconds: 2.5 })
    expect(flacTotals(path('a.oga'))).toEqual({ samples: 110250, seconds: 2.5 })
    // ffprobe adds the pre-skip of 312 samples at 48 kHz, opusinfo does not
    expect(await probeDurationSeconds(path('a.opus'))).toBeCloseTo(2.5065, 4)
    expect(await opusinfoDurationSeconds(path('a.opus'))).toBeCloseTo(2.5, 3)
    // 110250 samples and the encoder's delay of 1024, in whole frames of 1024
    expect(await countedDurationSeconds(path('a.aac'))).toBeCloseTo((109 * 1024) / 44100, 3)
    expect((await decodePcm(path('a.flac'))).length).toBe(110250 * 2)
  })

  it('of what has none are an error, not zero', async () => {
    await expect(probeDurationSeconds(path('missing.wav'))).rejects.toThrow('ffprobe')
    await expect(opusinfoDurationSeconds(path('a.flac'))).rejects.toThrow()
    expect(() => flacTotals(path('in.wav'))).toThrow('no STREAMINFO')
    await expect(decodePcm(path('missing.wav'))).rejects.toThrow('cannot decode')
  })
})
