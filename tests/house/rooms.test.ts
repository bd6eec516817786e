import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const packages = fileURLToPath(new URL('../../packages', import.meta.url))

/** Source files of what ships. */
const files = readdirSync(packages).flatMap((name) =>
  readdirSync(join(packages, name, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.(ts|tsx|css)$/.test(path))
    .map((path) => join(name, 'src', path)),
)

describe('the rooms of the house', () => {
  const lines = files
    .map((path) => readFileSync(join(packages, path), 'utf8').split('\n').length - 1)
    .sort((a, b) => a - b)

  it('are small: half of them under 110 lines, nine in ten under 250, none over 350', () => {
    expect(lines.length).toBeGreaterThan(50)
    expect(lines[Math.floor(lines.length * 0.5)]).toBeLessThanOrEqual(110)
    expect(lines[Math.floor(lines.length * 0.9)]).toBeLessThanOrEqual(250)
    expect(lines.at(-1)).toBeLessThanOrEqual(350)
  })

  it('hold at most 12 files', () => {
    const counts = new Map<string, number>()
    for (const path of files) counts.set(dirname(path), (counts.get(dirname(path)) ?? 0) + 1)
    expect([...counts].filter(([, count]) => count > 12)).toEqual([])
  })
})
