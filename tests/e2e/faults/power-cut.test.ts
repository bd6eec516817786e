import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { AfterDuration } from '@isr/core'
import { FaultDisk, compareRecordings, comparisonText } from '@isr/core/testing'
import { describe, expect, it } from 'vitest'
import { checkFiles } from '../rig/checkers.js'
import { readLedger } from '../support/ledger-file.js'
import { noDisks, recordMore, recordOn, repairAndVerify } from './disk-recording.js'
import { figures } from './figures.js'
import { startLateness } from './lateness.js'

/** 20 with `npm run soak`. */
const CUTS = Number(process.env.ISR_POWER_CUTS ?? 2)
const MOST_LOST_SECONDS = 1.5
const FORMATS = ['mp3', 'aac', 'opus', 'flac'] as const

describe.runIf(noDisks === undefined).concurrent('a power cut', () => {
  const title = `group commit %s, ${CUTS} times: little is lost, no file is empty, and repair makes everything perfect`
  it.each(['auto', 'always'] as const)(title, async (groupCommit) => {
    await using disk = await FaultDisk.ext4({ sizeMb: CUTS > 5 ? 512 : 128 })
    const folders = FORMATS.map((format) => join(disk.folder, format))
    const recorders = await Promise.all(
      FORMATS.map((format, index) =>
        recordOn(folders[index], format, { splitter: new AfterDuration({ seconds: 2 }), groupCommit }, index),
      ),
    )
    const lost: number[] = []
    const lateness = startLateness()
    try {
      await recordMore(recorders, 2)
      for (let cut = 0; cut < CUTS; cut++) {
        await new Promise((resolve) => setTimeout(resolve, 500 + Math.random() * 2000))
        const sent = recorders.map(({ station }) => station.sent.map((log) => log.snapshot()))
        await using after = await disk.powerCut()
        for (const [index, format] of FORMATS.entries()) {
          const directory = join(after.folder, format)
          await repairAndVerify(directory)
          const comparison = await compareRecordings({ directory, sent: sent[index] })
          const text = comparisonText(comparison)
          const { doubled, damaged, misordered, strayBytes, lost: inside } = comparison
          expect({ doubled, damaged, misordered, strayBytes, inside }, text).toEqual({
            doubled: 0,
            damaged: 0,
            misordered: 0,
            strayBytes: 0,
            inside: [],
          })
          lost.push(comparison.unreadSeconds)
          for (const name of await readdir(directory))
            if (/\.(mp3|aac|opus|flac)$/.test(name))
              expect((await stat(join(directory, name))).size, name).toBeGreaterThan(0)
          const long = readLedger(directory).recordings.filter(({ durationSeconds }) => durationSeconds > 0.5)
          expect(await checkFiles(long.slice(-2).map(({ name }) => join(directory, name)))).toEqual([])
        }
      }
    } finally {
      for (const recorder of recorders) await recorder[Symbol.asyncDispose]()
    }
    const lateSeconds = lateness.stop()
    figures(`power cut (group commit ${groupCommit}), ${CUTS} times ${FORMATS.length} sources: seconds lost`, lost)
    expect(Math.max(...lost)).toBeLessThanOrEqual(MOST_LOST_SECONDS + lateSeconds)
  })
})
