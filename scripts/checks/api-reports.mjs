import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { bin, run } from '../lib/run.mjs'
import { packages, root } from '../lib/workspace.mjs'

/**
 * Compares the public API of the built packages with the committed `etc/*.api.md`, or writes those anew.
 * One `api-extractor*.json` per public entry.
 */
export async function apiReports({ update }) {
  const started = performance.now()
  const said = []
  let code = 0
  mkdirSync(join(root, 'node_modules/.cache/isr/api'), { recursive: true })
  for (const { dir } of packages()) {
    for (const config of readdirSync(dir).filter((file) => /^api-extractor.*\.json$/.test(file))) {
      mkdirSync(join(dir, 'etc'), { recursive: true })
      const args = [bin('api-extractor'), 'run', '-c', config, ...(update ? ['--local'] : [])]
      const result = await run(process.execPath, args, { cwd: dir })
      if (result.code === 0) continue
      code = result.code
      said.push(`${config}: ${result.output}`)
    }
  }
  if (code !== 0 && !update) said.push('A wanted change of the public API: npm run api, and commit packages/*/etc.')
  return { code, output: said.join('\n'), seconds: (performance.now() - started) / 1000 }
}
