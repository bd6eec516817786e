import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { signalSource, stationOf } from '../../support/signal-station.js'

it('a station tells of every file, the last one too', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'isr-station-hooks-'))
  const [script, log] = [join(directory, 'hook.mjs'), join(directory, 'log')]
  writeFileSync(
    script,
    `import { appendFileSync } from 'node:fs'
    appendFileSync(${JSON.stringify(log)}, process.env.ISR_NAME + ' ' + process.env.ISR_CLOSED_BY + '\\n')`,
  )
  const hooks = { close: { command: [process.execPath, script] } }
  const station = stationOf(
    signalSource('told', directory, { hooks, filenamePattern: 'told_%H%M%S' }),
    signalSource('silent', directory, { filenamePattern: 'silent_%H%M%S' }),
  )
  const warnings: string[] = []
  station.on('warning', ({ message }) => warnings.push(message))
  station.start()
  await expect.poll(() => existsSync(log), { timeout: 10_000 }).toBe(true)
  await station.stop()
  const files = readdirSync(directory).filter((name) => name.startsWith('told_'))
  const told = readFileSync(log, 'utf8').trim().split('\n').sort()
  expect(told).toEqual(files.map((name, at) => `${name} ${at === files.length - 1 ? 'stop' : 'boundary'}`))
  expect(warnings).toEqual([])
  rmSync(directory, { recursive: true })
})
