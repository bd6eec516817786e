import type { PcmLayout } from '../../model.js'
import type { Environment } from '../process/environment.js'
import { spawnProgram } from '../process/spawn-program.js'
import { stoppedError } from '../source-error.js'
import type { ConnectOptions } from '../source.js'
import { CaptureConnection } from './capture-connection.js'
import { captureError } from './capture-fault.js'
import { CaptureProcess, type CapturePlan } from './capture-process.js'

/** A device that can be opened is heard within this time: sound servers wake up slowly. */
const FIRST_AUDIO_MS = 5000

/**
 * Starts a capture program and waits until the device is heard.
 * @returns undefined when the program is not installed
 * @throws {@link SourceError} in the program's own words
 */
export async function openCapture(
  plan: CapturePlan,
  env: Environment,
  options: ConnectOptions,
): Promise<CaptureConnection | undefined> {
  const { program, request, encoding } = plan
  const child = await spawnProgram(program.command(request, encoding), { env }).catch((error: unknown) => {
    const { code = 'unknown' } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return undefined
    throw captureError('ISR_SOURCE_FAILED', `it cannot be started (${code})`, plan.facts)
  })
  if (!child) return undefined
  const process = new CaptureProcess(child, plan, options)
  try {
    const first = await process.next(FIRST_AUDIO_MS)
    if (options.signal.aborted) throw stoppedError()
    if (!first) throw captureError('ISR_SOURCE_ENDED', 'it ended before any audio came', plan.facts)
    // what was said before the first bytes may be read after them
    await new Promise<void>((resolve) => setImmediate(resolve))
    return new CaptureConnection(process, first, layoutOf(process, plan, options), plan)
  } catch (error) {
    await process.close()
    throw error
  }
}

/** The layout that the device really has. Wrong but said so is better than nothing recorded: the files tell the truth. */
function layoutOf(process: CaptureProcess, plan: CapturePlan, { onWarning }: ConnectOptions): PcmLayout {
  const { request, sampleFormat, facts } = plan
  const layout = {
    ...{ sampleRateHz: request.sampleRateHz, channels: request.channels },
    ...process.setup,
    sampleFormat,
  }
  if (layout.sampleRateHz !== request.sampleRateHz) {
    const said = process.rateWarning ?? `the device gives ${layout.sampleRateHz} Hz, not ${request.sampleRateHz} Hz`
    const mend = `recorded as it comes; write sample_rate = ${layout.sampleRateHz}, or plughw: in place of hw:, which converts`
    onWarning?.('soundcard-rate', captureError('ISR_SOURCE_UNSUPPORTED', `${said}; ${mend}`, facts).message)
  }
  return layout
}
