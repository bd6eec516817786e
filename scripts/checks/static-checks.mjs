import { apiReports } from './api-reports.mjs'
import { bin, run } from '../lib/run.mjs'

/** The checks that run nothing of the product: name and what to do. Several may run at once. */
export function staticChecks(tarballs) {
  const node = (name, ...args) => ({ name, act: () => run(process.execPath, args, { timeoutMs: 300_000 }) })
  const sources = ['packages', 'scripts', 'tests', 'examples']
  return [
    node('lockfile complete', 'scripts/lock.mjs', '--check'),
    node('kernels compiled (wasm)', 'scripts/wasm.mjs', '--check'),
    node('types (tsc)', bin('tsc'), '-p', 'tsconfig.json'),
    node('types of the page (tsc)', bin('tsc'), '-p', 'packages/ui/tsconfig.json'),
    node('lint (eslint)', bin('eslint'), '.', '--max-warnings', '0'),
    node('format (prettier)', bin('prettier'), '--check', '--log-level', 'warn', '.'),
    node('layers (dependency-cruiser)', bin('depcruise'), '--output-type', 'err-long', ...sources),
    node('unused code (knip)', bin('knip')),
    node('documented (typedoc)', bin('typedoc'), '--emit', 'none', '--logLevel', 'Warn'),
    { name: 'public API as reported (api-extractor)', act: () => apiReports({ update: false }) },
    ...tarballs.flatMap(({ name, manifest, file }) => [
      node(`tarball of ${name} (publint)`, bin('publint'), 'run', file, '--strict'),
      ...(JSON.stringify(manifest.exports ?? {}).includes('"types"')
        ? [node(`types of ${name} (attw)`, bin('attw'), file, '--profile', 'esm-only', '--no-color', '--no-emoji')]
        : []),
    ]),
  ]
}

/** Runs checks a few at a time and hands each result to `done` as it comes. */
export async function runChecks(checks, atOnce, done) {
  const waiting = [...checks]
  const worker = async () => {
    for (let check = waiting.shift(); check; check = waiting.shift()) {
      const { code, output, seconds } = await check.act()
      done(check.name, { ok: code === 0, output, seconds })
    }
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
}
