// npm run bench: every packages/*/bench/*.bench.mjs in turn, on what is built. `npm run bench -- WORD` runs those whose name holds WORD.
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { buildPackages } from './lib/build-packages.mjs'
import { ensureInstalled } from './lib/install.mjs'
import { run } from './lib/run.mjs'
import { packages } from './lib/workspace.mjs'

const [word = ''] = process.argv.slice(2)
await ensureInstalled()
await buildPackages()
console.log(`Node ${process.version}. Ratios of one run count; absolute figures drift with the machine.`)
for (const { dir } of packages()) {
  const folder = join(dir, 'bench')
  if (!existsSync(folder)) continue
  for (const file of readdirSync(folder).sort()) {
    if (!file.endsWith('.bench.mjs') || !file.includes(word)) continue
    const { code } = await run(process.execPath, ['--expose-gc', join(folder, file)], { show: true })
    if (code !== 0) process.exitCode = 1
  }
}
