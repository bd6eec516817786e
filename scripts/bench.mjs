// npm run bench: every packages/*/bench/*.bench.mjs in turn, on what is built. `npm run bench -- WORD` runs those whose name holds WORD.
import { existsSync, readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { buildPackages } from './lib/build-packages.mjs'
import { ensureInstalled } from './lib/install.mjs'
import { refuseUnknown } from './lib/refuse-unknown.mjs'
import { run } from './lib/run.mjs'
import { packages } from './lib/workspace.mjs'

const [word = ''] = process.argv.slice(2)
const benches = packages().flatMap(({ dir }) => benchesOf(join(dir, 'bench')))
refuseUnknown(word, benches.map(nameOf))
await ensureInstalled()
await buildPackages()
console.log(`Node ${process.version}. Ratios of one run count; absolute figures drift with the machine.`)
for (const file of benches) {
  if (!nameOf(file).includes(word)) continue
  const { code } = await run(process.execPath, ['--expose-gc', file], { show: true })
  if (code !== 0) process.exitCode = 1
}

function benchesOf(folder) {
  const names = existsSync(folder) ? readdirSync(folder).sort() : []
  return names.filter((name) => name.endsWith('.bench.mjs')).map((name) => join(folder, name))
}

function nameOf(file) {
  return basename(file, '.bench.mjs')
}
