import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const folder = fileURLToPath(new URL('../../docs/design', import.meta.url))

it('each fault of the recorder before this one has a test, and it is there', () => {
  const rows = readFileSync(join(folder, 'ancestor-faults.md'), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .slice(1)
  expect(rows).toHaveLength(24)
  const missing = rows.filter((row) => {
    const [, path, name] = /\]\(([^)]+)\): `([^`]+)` \|$/.exec(row) ?? []
    if (!path || !existsSync(join(folder, path))) return true
    return !new RegExp(`\\b(it|test)(\\.each\\([^]*?\\))?\\(\\s*'${escaped(name)}'`).test(
      readFileSync(join(folder, path), 'utf8'),
    )
  })
  expect(missing).toEqual([])
})

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
}
