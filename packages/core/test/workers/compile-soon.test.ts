import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { compileSoon } from '../../src/workers/compile-soon.js'

test('the setting is one that this V8 has', () => {
  compileSoon()
  const settings = execFileSync(process.execPath, ['--v8-options'], { encoding: 'utf8' })
  expect(settings).toMatch(/--interrupt-budget\b/)
})
