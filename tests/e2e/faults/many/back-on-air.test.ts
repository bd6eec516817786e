import { NumberedStation, chunked, compareRecordings, comparisonText, numberedStream } from '@isr/core/testing'
import type { Listener } from '@isr/core/testing'
import { beforeAll, describe, expect, it } from 'vitest'
import { tempDir } from '../../rig/temp-dir.js'
import { waitUntil } from '../../rig/wait-until.js'
import { figures } from '../figures.js'
import { BUILD_MS, build, startRecorders } from '../record-many.js'

/** How often one of the sources is cut off in each way; more with `npm run soak`, where the limit is held to the tenth. */
const ROUNDS = Number(process.env.ISR_BACK_ROUNDS ?? 1)
const IS_LONG = ROUNDS >= 10
const AGAIN_SECONDS = 0.5
/** A growing pause would be longer; a busy machine is not so slow. */
const NO_PAUSE_SECONDS = 4

/** How a connection ends. */
const ENDS: Readonly<Record<string, (listener: Listener) => unknown>> = {
  'FIN amid the body': (listener) => listener.hangUp(),
  RST: (listener) => listener.reset(),
  'end of the body': (listener) => listener.end(),
}

describe.concurrent('one of the sources of a server is cut off', () => {
  beforeAll(build, BUILD_MS)

  it.each([1, 10, 100])('of %i: audio again at once, nothing lost', async (count) => {
    const directory = tempDir('isr-back-')
    const plan = Array.from({ length: ROUNDS }, () => Object.entries(ENDS)).flat()
    const ended: { how: string; atMs: number }[] = []
    await using station = await NumberedStation.start({
      stream: numberedStream('mp3', 1),
      burstSeconds: 2,
      everyMs: 100,
      script: async (listener) => {
        await listener.greet({ 'transfer-encoding': 'chunked' }, 'HTTP/1.1 200 OK')
        listener.coding = chunked()
        const next = listener.connection.request.path === '/s0' ? plan.shift() : undefined
        if (!next) return listener.play()
        // at any moment of the second in which the recorder reads
        await listener.play({ seconds: 1.2 + Math.random() })
        ended.push({ how: next[0], atMs: wallMs() })
        await next[1](listener)
      },
    })
    const names = Array.from({ length: count }, (_, index) => `s${index}`)
    const isr = await startRecorders(
      names.map((name) => ({ name, url: `${station.url}${name}`, directory, tellsAudio: name === 's0' })),
    )
    const firstAudio = () => [...isr.output().matchAll(/^audio s0 ([\d.]+)$/gm)].map(([, atMs]) => Number(atMs))
    try {
      const all = ROUNDS * Object.keys(ENDS).length + 1
      await waitUntil('every end, and audio after it', () => firstAudio().length >= all, 60_000 + 10_000 * ROUNDS)
      await listening(station)
    } finally {
      expect(await isr.stop('SIGTERM', 30_000), isr.output()).toBe(0)
    }
    const again = ended.map(({ how, atMs }) => ({
      how,
      seconds: (firstAudio().find((at) => at > atMs)! - atMs) / 1000,
    }))
    for (const how of IS_LONG ? Object.keys(ENDS) : []) {
      const seconds = again.flatMap((one) => (one.how === how ? [one.seconds] : []))
      figures(`${how}, ${count} sources: first audio again`, seconds)
    }
    const seconds = again.map((one) => one.seconds)
    figures(`one of ${count} sources is cut off: first audio again`, seconds)
    const sorted = seconds.sort((a, b) => a - b)
    expect(sorted.at(-1)).toBeLessThanOrEqual(NO_PAUSE_SECONDS)
    if (IS_LONG) expect(sorted[Math.floor(0.95 * sorted.length)]).toBeLessThanOrEqual(AGAIN_SECONDS)
    const sent = station.listeners.filter(({ connection }) => connection.request.path === '/s0').map((one) => one.sent)
    const comparison = await compareRecordings({ directory, source: 's0', sent })
    expect(comparison.isPerfect, comparisonText(comparison)).toBe(true)
    expect(comparison.holes, comparisonText(comparison)).toEqual([])
    expect(comparison.seams, comparisonText(comparison)).toBe(ended.length)
  })
})

/** The last listener has heard enough for a file. */
function listening(station: NumberedStation): Promise<void> {
  const { frameSeconds } = station.stream
  return waitUntil('a second more', () => (station.sent.at(-1)?.frames ?? 0) * frameSeconds > 3.5, 20_000)
}

/** A clock that two processes share. */
function wallMs(): number {
  return performance.timeOrigin + performance.now()
}
