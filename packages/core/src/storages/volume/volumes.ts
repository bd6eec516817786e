import { stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { threadStarter } from './start-thread.js'
import { Volume, type StartThread } from './volume.js'

/** The volumes of this process: one thread each. */
class Volumes {
  readonly #start: StartThread
  readonly #byDevice = new Map<string, Volume>()

  constructor(start: StartThread) {
    this.#start = start
  }

  /** The volume on which a path is, or will be. */
  async of(path: string): Promise<Volume> {
    return this.onDevice(await deviceOf(resolve(path)))
  }

  /** Whether one of them works, or hangs. */
  get isBusy(): boolean {
    return [...this.#byDevice.values()].some((volume) => volume.isBusy)
  }

  /** The volume of that number. */
  onDevice(device: string): Volume {
    const known = this.#byDevice.get(device)
    if (known?.isAlive) return known
    const volume = new Volume(this.#start)
    this.#byDevice.set(device, volume)
    return volume
  }
}

/** Those of the machine. */
export const volumes = new Volumes(
  threadStarter({
    writing: new URL('./volume-thread.js', import.meta.url),
    flushing: new URL('./flush-thread.js', import.meta.url),
  }),
)

const LOOK_EVERY_MS = 10

/**
 * Whether a volume hangs: then `process.exit()` would wait for it for ever, since Node.js waits for its threads; a program that has to end
 * all the same ends itself by a signal (`process.kill(process.pid, 'SIGKILL')`). Blocks until all is quiet, or for `graceMs`.
 * @param graceMs - how long a volume may take that is only slow
 */
export function isVolumeHanging(graceMs = 500): boolean {
  const nobody = new Int32Array(new SharedArrayBuffer(4))
  for (let waitedMs = 0; volumes.isBusy; waitedMs += LOOK_EVERY_MS) {
    if (waitedMs >= graceMs) return true
    Atomics.wait(nobody, 0, 0, LOOK_EVERY_MS)
  }
  return false
}

/** Of the nearest folder above that is there. */
async function deviceOf(path: string): Promise<string> {
  try {
    return String((await stat(path)).dev)
  } catch {
    const parent = dirname(path)
    return parent === path ? '' : deviceOf(parent)
  }
}
