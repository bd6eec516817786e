import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { FileStorage, Recorder, openLedger, repairFolder, systemClock, verifyFolder, type Clock } from '@isr/core'
import { FaultDisk, NumberedStation, findFrames, numberedStream, type NumberedFormat } from '@isr/core/testing'
import { expect } from 'vitest'
import { waitUntil } from '../rig/wait-until.js'
import { QUICK, type Options } from './record.js'

/** Why no disk can fail here; undefined when it can. */
export const noDisks = await FaultDisk.unavailable()
if (noDisks !== undefined) console.warn(`left out: ${noDisks}`)

/** A station and its recorder. */
export interface OnDisk extends AsyncDisposable {
  readonly station: NumberedStation
  readonly recorder: Recorder
  readonly directory: string
  /** Codes of everything that was announced, with their time on the monotonic clock. */
  readonly announced: readonly { readonly code: string; readonly atMs: number }[]
  /** Seconds of audio that are in files now. */
  recordedSeconds(): number
}

/** Records a station of its own into `directory`. */
export async function recordOn(
  directory: string,
  format: NumberedFormat = 'mp3',
  options: Options & { readonly groupCommit?: 'auto' | 'always' } = {},
  number = 0,
): Promise<OnDisk> {
  const { groupCommit = 'auto', ...others } = options
  const station = await NumberedStation.start({ stream: numberedStream(format, number), everyMs: 100 })
  const announced: { code: string; atMs: number }[] = []
  const [storage, ledger] = [new FileStorage({ directory, groupCommit }), openLedger({ directory })]
  const recorder = new Recorder({ ...QUICK, source: station.url, storage, ledger, ...others })
  const tell = (code: string) => announced.push({ code, atMs: performance.now() })
  recorder.on('error', ({ error }) => tell(error.code))
  recorder.on('warning', ({ code }) => tell(code))
  recorder.on('gap', ({ cause }) => tell(cause.code))
  recorder.start()
  return {
    station,
    recorder,
    directory,
    announced,
    recordedSeconds: () => recorder.status.recordedSeconds,
    [Symbol.asyncDispose]: async () => {
      await recorder.stop()
      await station.close()
    },
  }
}

/** Waits until so many seconds more are recorded by everybody. */
export async function recordMore(recorders: readonly OnDisk[], seconds: number, timeoutMs = 40_000): Promise<void> {
  const before = recorders.map((one) => one.recordedSeconds())
  const done = () => recorders.every((one, index) => one.recordedSeconds() >= before[index] + seconds)
  await waitUntil(`${seconds} s more of audio`, done, timeoutMs)
}

/** The highest number of the frames of a source that are in its files now; -1 when there is none. */
export function newestOnDisk({ directory, station }: Pick<OnDisk, 'directory' | 'station'>): number {
  let newest = -1
  for (const name of namesIn(directory)) {
    try {
      const frames = findFrames(readFileSync(join(directory, name)), [station.stream])
      newest = Math.max(newest, frames.findLast(({ isWhole }) => isWhole)?.number ?? -1)
    } catch {
      // the disk is out of order
    }
  }
  return newest
}

/** Waits until a frame that is on air from now on is in a file. */
export async function recordedAgain(one: OnDisk, timeoutMs = 30_000): Promise<void> {
  const now = one.station.sent.at(-1)?.parts.at(-1)?.ranges.at(-1)?.to ?? 0
  await waitUntil('what is on air now is on disk', () => newestOnDisk(one) >= now, timeoutMs, 100)
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory).filter((name) => /\.(mp3|aac|opus|flac)$/.test(name))
  } catch {
    return []
  }
}

/** As a minute after a boot: nobody of the time before is alive, and no file has been written to for long. */
const muchLater: Clock = { ...systemClock, now: () => Date.now() + 3_600_000 }

/** Repairs, and lets verify look. */
export async function repairAndVerify(directory: string): Promise<void> {
  await rm(join(directory, '.isr/live'), { recursive: true, force: true })
  writtenBeforeABoot(join(directory, '.isr/journal'))
  await repairFolder({ directory, clock: muchLater })
  const { findings } = await verifyFolder({ directory })
  expect(findings.filter(({ severity }) => severity === 'fault')).toEqual([])
}

/** Journals are those of this process, which is alive: they become those of another boot. */
function writtenBeforeABoot(folder: string): void {
  for (const name of existsSync(folder) ? readdirSync(folder) : []) {
    const bytes = readFileSync(join(folder, name))
    const field = '"bootId":"'
    const at = bytes.indexOf(field)
    // one that was just removed begins with zeros
    if (at >= 0) bytes.write('-', at + field.length)
    writeFileSync(join(folder, name), bytes)
  }
}
