import { inProcess } from '../../src/storages/volume/start-thread.js'
import { Lane, type LaneOptions } from '../../src/storages/volume/lane.js'
import { VolumeRecording } from '../../src/storages/volume/recording.js'
import { Volume } from '../../src/storages/volume/volume.js'
import type { Disk } from '../../src/storages/volume/disk.js'
import type { Clock } from '../../src/time/clock.js'

/** Files of a folder on a disk of one's own, written without a thread. */
export async function laneOn(
  disk: Disk,
  options: { readonly directory: string; readonly clock: Clock } & Partial<LaneOptions>,
): Promise<(name: string) => Promise<VolumeRecording>> {
  const lane = await Lane.open(new Volume(inProcess(disk)), {
    syncMs: 1000,
    groupCommit: 'never',
    journalHalfBytes: 1 << 20,
    mostWaitingBytes: 1 << 20,
    ...options,
  })
  return async (name) => (await VolumeRecording.create({ lane, name })).recording
}

/** An error as the system tells it. */
export function systemError(code: string): NodeJS.ErrnoException {
  return Object.assign(new Error(code), { code })
}
