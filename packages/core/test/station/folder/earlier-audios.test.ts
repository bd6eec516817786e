import { appendFileSync, chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeAll, expect, it } from 'vitest'
import { describeWithTools } from '../../../../../tests/e2e/rig/require-tool.js'
import type { Opener } from '../../../src/recovery/recover.js'
import { EarlierAudios } from '../../../src/station/folder/earlier-audios.js'
import { FakeClock } from '../../../src/testing/fake-clock.js'
import { audioKind, ENCODER_TOOLS } from '../../support/audio-kinds.js'
import { makeProgramme, Station, type Programme } from '../../recorder/stitch/support/broadcast.js'
import { placeIn, START } from '../../recorder/stitch/support/record-station.js'
import { RestartedFolder } from '../../recorder/stitch/support/restart.js'

const kind = audioKind('MP3 CBR')
const { format } = kind
const time = (atMs: number) => new Date(START + atMs).toISOString()
const folders: RestartedFolder[] = []
afterEach(() => {
  for (const { directory } of folders.splice(0)) rmSync(directory, { recursive: true })
})

describeWithTools(ENCODER_TOOLS, 'the end of what was recorded before a start', () => {
  let programme: Programme
  beforeAll(() => {
    programme = makeProgramme(kind, 40)
  })
  const station = (fromMs: number, burstSeconds = 5) =>
    new Station('radio', programme, [{ burstSeconds }], 10_000 + fromMs)

  /** Six seconds and a burst of five, then the end. */
  async function recorded(killed: boolean, tornBytes = 0) {
    const folder = new RestartedFolder()
    folders.push(folder)
    await folder.live({ source: station(0), format, fromMs: 0, forMs: 6000, killed, tornBytes })
    const names = folder.entries.flatMap((entry) => (entry.type === 'open' ? [entry.name] : []))
    return { folder, path: folder.pathOf(names[0]) }
  }

  async function ask(folder: RestartedFolder, opener: Opener, atMs = 7000) {
    const clock = new FakeClock(START + atMs)
    const audios = new EarlierAudios({ directory: folder.directory, clock, signal: new AbortController().signal })
    const [radio, other] = [audios.of('radio'), audios.of('other')]
    await audios.read(await folder.scan(), () => opener)
    expect(await other).toBeUndefined()
    expect(clock.pendingTimers).toBe(0)
    return radio
  }

  it('is known of a file that was left open when its process is gone, and of a stopped one always', async () => {
    const { folder } = await recorded(true)
    expect(await ask(folder, 'nobody')).toBeDefined()
    expect(await ask(folder, 'alive')).toBeUndefined()
    expect(await ask(folder, 'unknown')).toBeUndefined()
    await folder.repair()
    expect(await ask(folder, 'unknown')).toBeDefined()
    expect(await ask(folder, 'alive')).toBeUndefined()
    const stopped = await recorded(false)
    expect(await ask(stopped.folder, 'unknown')).toBeDefined()
    expect(await ask(stopped.folder, 'alive')).toBeUndefined()
  })

  it('is the last half minute, to the last whole frame', async () => {
    const { folder } = await recorded(true, 100)
    const audio = await ask(folder, 'nobody')
    const frames = audio?.frames.flatMap((span) => Array.from({ length: span.frames }, (_, at) => span.frame(at))) ?? []
    expect(frames.length).toBeGreaterThan(300)
    expect(placeIn(programme, frames)).toBeGreaterThanOrEqual(0)
    await folder.repair()
    const [line] = folder.lines
    expect(line.frames).toBe(frames.length)
    expect(Date.parse(line.startedAt) + line.durationSeconds * 1000).toBe(audio?.endsAt)
    expect(audio?.run).toBe(line.run)
  })

  it('is of no use when it is older than two minutes, or in the future', async () => {
    for (const killed of [true, false]) {
      const { folder } = await recorded(killed)
      expect(await ask(folder, 'nobody', 124_000)).toBeDefined()
      expect(await ask(folder, 'nobody', 127_000)).toBeUndefined()
      expect(await ask(folder, 'nobody', -200_000)).toBeUndefined()
    }
  })

  it('is unknown when the file is missing, changed, no audio, or the ledger says so', async () => {
    const ruins: ((path: string, folder: RestartedFolder) => void)[] = [
      (path) => rmSync(path),
      (path) => appendFileSync(path, 'x'),
      (path) => writeFileSync(path, Buffer.alloc(readFileSync(path).length)),
      (path) => {
        rmSync(path)
        writeFileSync(path, '')
        chmodSync(path, 0)
      },
      (_, { directory, entries }) => {
        const gap = { ...entries[0], type: 'gap', from: time(6000), to: time(7000) }
        appendFileSync(
          join(directory, '.isr', 'ledger.jsonl'),
          `${JSON.stringify({ ...gap, seconds: 1, cause: 'X' })}\n`,
        )
      },
    ]
    for (const ruin of ruins) {
      const { folder, path } = await recorded(false)
      expect(await ask(folder, 'unknown')).toBeDefined()
      ruin(path, folder)
      expect(await ask(folder, 'unknown')).toBeUndefined()
    }
  })

  it('is told to be unknown when nothing can be read', async () => {
    const audios = new EarlierAudios({
      directory: '/nowhere',
      clock: new FakeClock(START),
      signal: new AbortController().signal,
    })
    const radio = audios.of('radio')
    audios.end()
    expect(await radio).toBeUndefined()
  })

  it('what is missing is a gap of its true length, when the burst does not reach so far', async () => {
    const { folder } = await recorded(false)
    const next = await folder.live({
      ...{ source: station(10_000, 2), format, fromMs: 10_000, forMs: 4000 },
      earlier: await folder.earlier(10_000),
    })
    expect(next.seams).toEqual([])
    const [first, second] = folder.lines
    const missing = (Date.parse(second.startedAt) - Date.parse(first.startedAt)) / 1000 - first.durationSeconds
    expect(missing).toBeCloseTo(2, 0)
    expect((await folder.findings()).found).toEqual([expect.stringContaining('the recorder did not run')])
  })

  it('is waited for, ten seconds at most; nothing is lost meanwhile', async () => {
    const { folder } = await recorded(true)
    const audio = await folder.earlier(7000)
    const life = { source: station(7000), format, fromMs: 7000, earlier: audio }
    const early = await folder.live({ ...life, forMs: 8000, knownAfterMs: 9000, killed: true })
    expect(early.entries).toEqual([])
    const inTime = await folder.live({ ...life, source: station(7000), forMs: 12_000, knownAfterMs: 9000 })
    expect(inTime.seams).toHaveLength(1)
    await folder.repair()
    expect(await folder.findings()).toEqual({ seams: 1, found: [] })
    const other = await recorded(true)
    const late = { ...life, source: station(7000), earlier: await other.folder.earlier(7000) }
    const tooLate = await other.folder.live({ ...late, forMs: 12_000, knownAfterMs: 11_000 })
    expect(tooLate.seams).toEqual([])
    expect(tooLate.status.recordedSeconds).toBeGreaterThan(14)
  })

  it('a connection that ends before it is known loses nothing', async () => {
    const { folder } = await recorded(true)
    const receptions = [{ burstSeconds: 5, cutAfterMs: 1000 }, { burstSeconds: 5 }]
    const source = new Station('radio', programme, receptions, 17_000)
    const earlier = await folder.earlier(7000)
    const next = await folder.live({ source, format, fromMs: 7000, forMs: 6000, earlier, knownAfterMs: 3000 })
    expect(next.gaps).toEqual([])
    expect(next.status.recordedSeconds).toBeGreaterThan(10)
  })
})
