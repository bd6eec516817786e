import { execFileSync } from 'node:child_process'
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeWithTools } from '../../../../../tests/e2e/rig/require-tool.js'
import type { AnalysisJson } from '../../../src/analysis/cache/analysis-json.js'
import type { SourceConfig } from '../../../src/config/station-config.js'
import type { Recording } from '../../../src/model.js'
import { Analyzer } from '../../../src/station/analysis/analyzer.js'
import { audioKind, ENCODER_TOOLS, type AudioKind } from '../../support/audio-kinds.js'
import { signalSource, stationOf } from '../../support/signal-station.js'

/** Eight seconds: quiet noise, and a tone in two places. */
function quietWithBursts({ rateHz, channels, encoder }: AudioKind): Uint8Array {
  const graph = [
    'anoisesrc=c=pink:r=48000:a=0.001:seed=7[noise]',
    "sine=f=300:r=48000,volume='if(between(mod(t,4),2,3.5),1,0)':eval=frame[tone]",
    '[noise][tone]amix=2',
  ].join(';')
  const args = ['-nostdin', '-v', 'error', '-filter_complex', graph, '-t', '8', '-ar', String(rateHz)]
  return execFileSync('ffmpeg', [...args, '-ac', String(channels), ...encoder.split(' '), 'pipe:1'], {
    maxBuffer: 1 << 28,
  })
}

describeWithTools(ENCODER_TOOLS, 'analyze = live', () => {
  const folder = mkdtempSync(join(tmpdir(), 'isr-live-analysis-'))
  const analyzer = new Analyzer()
  const analyses = join(folder, 'recordings', 'analyses')
  const recordings: Recording[] = []
  const warnings: string[] = []

  beforeAll(async () => {
    const sources: SourceConfig[] = ['MP3 CBR', 'Vorbis', 'FLAC', 'AAC', 'WAV'].map((name) => {
      const kind = audioKind(name)
      const path = join(folder, `input.${kind.extension}`)
      writeFileSync(path, quietWithBursts(kind))
      const more = { type: 'file', path, format: 'auto', analyze: 'live', splitMinutes: 5 / 60, maxRetries: 1 } as const
      return signalSource(kind.extension, join(folder, 'recordings'), more)
    })
    const station = stationOf(...sources)
    station.on('recording:close', (recording) => recordings.push(recording))
    station.on('warning', ({ code }) => warnings.push(code))
    station.start()
    await station.finished
  })
  afterAll(async () => {
    await analyzer.close()
    rmSync(folder, { recursive: true })
  })

  const cached = (name: string) => join(analyses, `${name}.analysis.json`)
  const read = (name: string) => JSON.parse(readFileSync(cached(name), 'utf8')) as AnalysisJson

  it('has analysed every file of every format when the station has ended', async () => {
    const formats = new Set(recordings.map(({ name }) => name.split('.').at(-1)))
    expect([...formats].sort()).toEqual(['aac', 'flac', 'mp3', 'ogg', 'wav'])
    expect(recordings.length).toBeGreaterThanOrEqual(10)
    const fresh = new Analyzer({ cache: false })
    for (const { name, durationSeconds, startedAt } of recordings) {
      const live = read(name)
      expect(live.duration).toBeCloseTo(durationSeconds, 6)
      expect(Date.parse(live.started_at!)).toBe(Math.round(startedAt))
      expect(existsSync(join(analyses, `${name}.levels`)), name).toBe(true)
      const again = await fresh.analyze(join(folder, 'recordings', name))
      expect(again.durationSeconds).toBeCloseTo(live.duration, 3)
      expect(again.rmsDisplay.length).toBe(live.rms_display.length)
      for (const [point, level] of again.rmsDisplay.entries()) expect(live.rms_display[point]).toBeCloseTo(level, 3)
      if (/\.(wav|flac)$/.test(name)) expect(live.rms_display).toEqual(again.rmsDisplay)
      expect(live.sections.map(({ start, end }) => [start, end])).toEqual(
        again.sections.map(({ startSeconds, endSeconds }) => [startSeconds, endSeconds]),
      )
    }
    expect(recordings.flatMap(({ name }) => read(name).sections).length).toBeGreaterThan(0)
    await fresh.close()
  })

  it('tells once that AAC has no decoder beside the recording', () => {
    expect(warnings.filter((code) => code === 'ISR_DECODER_MISSING')).toEqual(['ISR_DECODER_MISSING'])
  })

  it('is what an Analyzer finds later, with no byte of audio read again', async () => {
    const { name } = recordings.find(({ name }) => name.endsWith('.wav'))!
    const path = join(folder, 'recordings', name)
    const { size, atime, mtime } = statSync(path)
    const expected = read(name)
    const head = readFileSync(path).subarray(0, 4096)
    writeFileSync(path, Buffer.concat([head, Buffer.alloc(size - head.length)]))
    utimesSync(path, atime, mtime)
    const found = await analyzer.analyze(path)
    expect(found.sections.length).toBe(expected.sections.length)
    expect(found.rmsDisplay).toEqual(expected.rms_display)
    // another detector has no result yet, but the levels are there
    rmSync(cached(name))
    const fromLevels = await analyzer.analyze(path)
    expect(fromLevels).toEqual(found)
    expect(read(name).duration).toBe(expected.duration)
  })

  it('leaves nothing half written', () => {
    expect(readdirSync(analyses).filter((name) => !/\.(levels|analysis\.json)$/.test(name))).toEqual([])
  })
})
