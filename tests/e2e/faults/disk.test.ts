import { rm, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { FaultDisk, compareRecordings, comparisonText } from '@isr/core/testing'
import { describe, expect, it } from 'vitest'
import { tempDir } from '../rig/temp-dir.js'
import { waitUntil } from '../rig/wait-until.js'
import { noDisks, recordedAgain, recordMore, recordOn, repairAndVerify } from './disk-recording.js'
import { figures } from './figures.js'
import { startLateness } from './lateness.js'

const LONG = process.env.ISR_SOAK === '1'
/** How long a disk is out of order. */
const FAULT_SECONDS = LONG ? 10 : 2
const TOLD_SECONDS = 2
const BACK_SECONDS = 5

/** What goes wrong with a disk, and how it is mended. */
interface DiskFault {
  make(): Promise<FaultDisk>
  begin(disk: FaultDisk): Promise<void>
  mend(disk: FaultDisk): Promise<void>
}

const FAULTS: Readonly<Record<string, DiskFault>> = {
  ENOSPC: {
    make: () => FaultDisk.tmpfs({ sizeMb: 8 }),
    begin: (disk) => disk.fill(),
    mend: (disk) => disk.free(),
  },
  'EIO at write-back': {
    make: () => FaultDisk.failingWriteback({ sizeMb: 32 }),
    begin: (disk) => disk.fill(),
    mend: async (disk) => {
      await disk.free()
      // ext4 gave up
      await disk.writable()
    },
  },
  'read-only': {
    make: () => FaultDisk.ext4(),
    begin: (disk) => disk.readOnly(),
    mend: (disk) => disk.writable(),
  },
  'folder removed': {
    make: () => FaultDisk.tmpfs(),
    begin: async (disk) => {
      // the recorder makes files meanwhile
      await rm(join(disk.folder, 'recordings'), { recursive: true, maxRetries: 10, retryDelay: 5 })
    },
    mend: async (disk) => {
      await mkdir(join(disk.folder, 'recordings'), { recursive: true })
    },
  },
}

describe.runIf(noDisks === undefined)('a disk that fails', () => {
  const names = Object.keys(FAULTS)
  it.concurrent.each(names)(
    '%s: told soon, recorded again soon, nothing lost, and nobody else notices',
    async (name) => {
      const fault = FAULTS[name]
      await using disk = await fault.make()
      const healthy = await recordOn(tempDir('isr-healthy-'), 'mp3', {}, 1)
      const failing = await recordOn(join(disk.folder, 'recordings'))
      let toldSeconds: number
      let backSeconds: number
      try {
        await recordMore([failing, healthy], 2)
        // what is recorded may not have a file yet
        await recordedAgain(failing)
        const lateness = startLateness()
        const began = performance.now()
        await fault.begin(disk)
        const told = () => failing.announced.find(({ code, atMs }) => atMs >= began && code.startsWith('ISR_STORAGE'))
        await waitUntil('the fault is told', () => told() !== undefined, 30_000)
        toldSeconds = (told()!.atMs - began) / 1000 - lateness.stop()
        await new Promise((resolve) => setTimeout(resolve, FAULT_SECONDS * 1000))
        const backLateness = startLateness()
        const mended = performance.now()
        await fault.mend(disk)
        await recordedAgain(failing)
        backSeconds = (performance.now() - mended) / 1000 - backLateness.stop()
        await recordMore([failing, healthy], 1)
      } finally {
        await failing[Symbol.asyncDispose]()
        await healthy[Symbol.asyncDispose]()
      }
      figures(`${name}: told`, [toldSeconds])
      figures(`${name}: recording again`, [backSeconds])
      const other = await compareRecordings({ directory: healthy.directory, sent: healthy.station.sent })
      expect(other.isPerfect, comparisonText(other)).toBe(true)
      expect(other.holes).toEqual([])
      if (name !== 'folder removed') await repairAndVerify(failing.directory)
      const comparison = await compareRecordings({ directory: failing.directory, sent: failing.station.sent })
      const text = comparisonText(comparison)
      console.log(`${name}: ${text}`)
      expect(comparison.doubled + comparison.damaged + comparison.misordered, text).toBe(0)
      // what was in a folder that somebody removed is gone
      if (name !== 'folder removed') expect(comparison.lost, text).toEqual([])
      expect(toldSeconds).toBeLessThanOrEqual(TOLD_SECONDS + 1)
      expect(backSeconds).toBeLessThanOrEqual(BACK_SECONDS + 1)
    },
  )
})
