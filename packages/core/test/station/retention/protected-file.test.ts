import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import { ProtectedFile } from '../../../src/station/retention/protected-file.js'

it('keeps names, replaces them whole, and never guesses', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'isr-protected-'))
  const file = new ProtectedFile(directory)
  expect(await file.read()).toEqual(new Set())
  await file.write(['b/ü "1".mp3', 'a.mp3', 'a.mp3'])
  expect(await new ProtectedFile(directory).read()).toEqual(new Set(['a.mp3', 'b/ü "1".mp3']))
  await file.write([])
  expect((await file.read()).size).toBe(0)
  expect(readdirSync(dirname(file.path))).toEqual(['protected.json'])
  for (const text of ['', '["a"', '{"a":1}', '[1]', 'null']) {
    writeFileSync(file.path, text)
    await expect(file.read(), text).rejects.toMatchObject({ code: 'ISR_STORAGE_FAILED' })
  }
  rmSync(directory, { recursive: true })
})
