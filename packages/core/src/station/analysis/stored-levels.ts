import { setImmediate } from 'node:timers/promises'
import { overallRms } from '../../analysis/levels/levels.js'
import { RmsList } from '../../analysis/measure/rms-list.js'
import { PyramidReader } from '../../analysis/pyramid/pyramid-reader.js'
import type { RecordedFile } from '../../editing/file-frames.js'
import { IsrError } from '../../errors.js'
import { FileAccess } from '../../storages/access/file-access.js'
import type { MeasureResult, MeasureTask } from './measure-facts.js'

/** So much older than the recording levels may be: they are complete when it is closed, or a moment before. */
const TOLERANCE_MS = 2000
/** So far the lengths may be apart, in seconds: a window. */
const TOLERANCE_SECONDS = 0.1

/**
 * What was measured while it was recorded, or earlier: then no audio is read again. Undefined when there is none, when it is not whole,
 * or when it may be of another recording of that name.
 * @throws {@link IsrError} `ISR_STOPPED`
 */
export async function storedLevels(
  { levelsPath, modifiedAt }: MeasureTask,
  file: RecordedFile,
  signal: AbortSignal,
): Promise<MeasureResult | undefined> {
  const access = levelsPath === undefined ? undefined : await FileAccess.open(levelsPath).catch(() => undefined)
  if (!access) return undefined
  try {
    const reader = await PyramidReader.open(access)
    if (!reader || reader.samples === undefined || reader.samples === 0) return undefined
    const { header, samples } = file.layout
    const isOlder = access.modifiedAt < modifiedAt - TOLERANCE_MS
    const expectedSeconds = samples === undefined ? undefined : samples / header.info.sampleRateHz
    const fits = expectedSeconds === undefined || Math.abs(expectedSeconds - reader.durationSeconds) < TOLERANCE_SECONDS
    if (isOlder || !fits) return undefined
    const rms = new RmsList()
    for await (const block of reader.blocks()) {
      rms.push(overallRms(block))
      await setImmediate()
      if (signal.aborted) throw new IsrError('ISR_STOPPED', 'stopped before the end')
    }
    const { sampleRateHz, channels, durationSeconds } = reader
    return { sampleRateHz, channels, durationSeconds, rms: rms.values.slice() }
  } catch (error) {
    if (error instanceof IsrError && error.code === 'ISR_STOPPED') throw error
    return undefined
  } finally {
    await access.close()
  }
}
