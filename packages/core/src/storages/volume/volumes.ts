import { stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { threadStarter } from './start-thread.js'
import { Volume, type StartThread } from './volume.js'

/** The volumes of this process: one thread each. */
export class Volumes {
  readonly #start: StartThread
  readonly #byDevice = new Map<string, Volume>()

  constructor(start: StartThread) {
    this.#start = start
  }

  /** The volume on which a path is, or will be. */
  async of(path: string): Promise<Volume> {
    return this.onDevice(await deviceOf(resolve(path)))
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
export const volumes = new Volumes(threadStarter(new URL('./volume-thread.js', import.meta.url)))

/** Of the nearest folder above that is there. */
async function deviceOf(path: string): Promise<string> {
  try {
    return String((await stat(path)).dev)
  } catch {
    const parent = dirname(path)
    return parent === path ? '' : deviceOf(parent)
  }
}
