import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { LEVEL_LOG_HEADER } from '../../../src/analysis/level-log/level-log.js'
import type { IsrError } from '../../../src/errors.js'
import { LevelLogFiles } from '../../../src/station/levels/level-log-files.js'

let folder: string
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'isr-level-log-'))))
afterEach(() => rmSync(folder, { recursive: true }))

const text = (name: string) => readFileSync(join(folder, name), 'utf8')

describe('LevelLogFiles', () => {
  test('a file a day, with one header, over restarts; a torn line goes', async () => {
    const faults: IsrError[] = []
    const begin = () => new LevelLogFiles(folder, 'yard/west: 1', (error) => void faults.push(error))
    const first = begin()
    first.write('2026-11-22', 'a\n')
    first.write('2026-11-22', 'b\n')
    first.write('2026-11-23', 'c\n')
    await first.rest()
    first.write('2026-11-23', 'd\n')
    await first.rest()
    appendFileSync(join(folder, 'levels_yard_west_ 1_2026-11-23.csv'), 'torn')
    const second = begin()
    second.write('2026-11-23', 'e\n')
    await second.rest()
    expect(readdirSync(folder).sort()).toEqual([
      'levels_yard_west_ 1_2026-11-22.csv',
      'levels_yard_west_ 1_2026-11-23.csv',
    ])
    expect(text('levels_yard_west_ 1_2026-11-22.csv')).toBe(`${LEVEL_LOG_HEADER}a\nb\n`)
    expect(text('levels_yard_west_ 1_2026-11-23.csv')).toBe(`${LEVEL_LOG_HEADER}c\nd\ne\n`)
    expect(faults).toEqual([])
  })

  test('what cannot be written waits for the next line', async () => {
    const faults: IsrError[] = []
    const directory = join(folder, 'disk')
    writeFileSync(directory, 'no folder')
    const files = new LevelLogFiles(directory, 'yard', (error) => void faults.push(error))
    files.write('2026-11-22', 'a\n')
    await files.rest()
    expect(faults.map(({ code }) => code)).toEqual(['ISR_STORAGE_DENIED'])
    rmSync(directory)
    mkdirSync(directory)
    files.write('2026-11-22', 'b\n')
    await files.rest()
    expect(text('disk/levels_yard_2026-11-22.csv')).toBe(`${LEVEL_LOG_HEADER}a\nb\n`)
    expect(faults).toHaveLength(1)
  })
})
