import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { wavOf } from '../../../../tests/support/wav.js'
import { describeWithTools } from '../../../../tests/e2e/rig/require-tool.js'
import type { AnalysisJson } from '../../src/analysis/cache/analysis-json.js'
import type { Recording } from '../../src/model.js'
import { RECORDER_EVENTS } from '../../src/recorder/events.js'
import { verifyFolder } from '../../src/station/folder/verify-folder.js'
import { ebur128 } from '../support/ebur128.js'
import { signalSource, stationOf } from '../support/signal-station.js'

const folder = mkdtempSync(join(tmpdir(), 'isr-sound-config-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** 40 s of 8 kHz: a tone from 10 to 13 s and from 30 to 31 s, silence else. */
function input(): string {
  const samples = Int16Array.from({ length: 40 * 8000 }, (_, index) => {
    const second = Math.floor(index / 8000)
    return (second >= 10 && second < 13) || second === 30 ? 8000 * Math.sin(index * 0.4) : 0
  })
  const path = join(folder, 'input.wav')
  writeFileSync(path, wavOf(samples))
  return path
}

describeWithTools(['ffmpeg'], 'silence, sound and loudness of a configured source', () => {
  it('are what its keys say', async () => {
    const directory = join(folder, 'recordings')
    const station = stationOf(
      signalSource('box', directory, {
        ...{ type: 'file', path: input(), format: 'auto', analyze: 'live', splitMinutes: 525_600 },
        ...{ silenceSeconds: 5, silenceDb: -60, triggerDb: -30, preRecordSeconds: 1, holdSeconds: 2, loudness: true },
      }),
    )
    const events: { readonly name: string; readonly payload: unknown }[] = []
    for (const name of RECORDER_EVENTS) station.on(name, (payload: unknown) => void events.push({ name, payload }))
    station.start()
    await station.finished
    const named = <T>(name: string) => events.filter((event) => event.name === name).map(({ payload }) => payload as T)
    const recordings = named<Recording>('recording:close')
    expect(recordings.map(({ durationSeconds, sequence }) => [durationSeconds, sequence])).toEqual([
      [6, 1],
      [4, 3],
    ])
    expect(named('trigger:start')).toHaveLength(2)
    expect(named<{ seconds: number }>('silence:end').map(({ seconds }) => seconds)).toEqual([10, 17, 9])
    expect(named('warning')).toEqual([])
    expect(await verifyFolder({ directory })).toMatchObject({ findings: [], quietSeconds: 30 })
    expect(named<{ name: string }>('loudness').map(({ name }) => name)).toEqual(recordings.map(({ name }) => name))
    for (const { name } of recordings) {
      const kept = JSON.parse(
        readFileSync(join(directory, 'analyses', `${name}.analysis.json`), 'utf8'),
      ) as AnalysisJson
      const theirs = ebur128(join(directory, name), 'aresample=48000,')
      expect(Math.abs(kept.loudness!.integratedLufs! - theirs.integratedLufs)).toBeLessThan(0.1)
      expect(kept.sections).toHaveLength(1)
    }
  })
})
