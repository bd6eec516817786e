import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { runTool } from '../e2e/rig/run-tool.js'
import { tempDir } from '../e2e/rig/temp-dir.js'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Files that break one rule each: the rule, the file, what it imports. */
const offences: readonly (readonly [string, string, string])[] = [
  ['no-cycles', 'packages/core/src/formats/a/one.ts', './two.js'],
  ['resolvable', 'packages/core/src/time/lost.ts', './nowhere.js'],
  ['nothing-from-outside', 'scripts/peeks.mjs', '../../shared/rules.mjs'],
  ['core-file-in-a-layer', 'packages/core/src/station/uses-odd.ts', '../oddroom/thing.js'],
  ['L0-imports-nothing-above', 'packages/core/src/bytes/high.ts', '../formats/a/fine.js'],
  ['emitter-in-events', 'packages/core/src/station/emits.ts', 'eventemitter3'],
  ['time-zones-in-time', 'packages/core/src/station/zones.ts', 'temporal-polyfill'],
  ['formats-know-L0', 'packages/core/src/formats/a/opens.ts', '../../sources/source.js'],
  ['splitters-know-L0', 'packages/core/src/splitters/reads.ts', '../formats/a/fine.js'],
  ['edges-know-L0', 'packages/core/src/sources/stores.ts', '../storages/storage.js'],
  ['middle-knows-ports', 'packages/core/src/recorder/picks.ts', '../sources/http-kind.js'],
  ['only-the-top-is-above', 'packages/core/src/ledger/asks.ts', '../station/top.js'],
  ['no-doubles-in-production', 'packages/core/src/recorder/fakes.ts', '../testing/fake.js'],
  ['io-at-the-edges', 'packages/core/src/ledger/writes.ts', 'node:fs/promises'],
  ['io-at-the-edges', 'packages/core/src/recorder/fetches.ts', 'undici'],
  ['clock-knows-the-uptime', 'packages/core/src/time/sends.ts', 'node:net'],
  ['pure-rooms', 'packages/core/src/formats/a/paths.ts', 'node:path'],
  ['crypto-in-bytes', 'packages/core/src/bytes/paths.ts', 'node:path'],
  ['core-is-the-ground', 'packages/core/src/station/calls.ts', '../../../cli/src/fine.js'],
  ['public-entry-only', 'packages/cli/src/digs.ts', '../../core/src/formats/a/fine.js'],
  ['no-testing-entry-in-src', 'packages/cli/src/fakes.ts', '@isr/core/testing'],
  ['src-is-not-test', 'packages/cli/src/tests.ts', '../test/helper.js'],
  ['src-needs-dependencies', 'packages/core/src/sources/dev.ts', 'fast-check'],
  ['scripts-run-before-install', 'scripts/early.mjs', 'fast-check'],
]

/** Files that break none. */
const harmless: Readonly<Record<string, readonly string[]>> = {
  'packages/core/src/index.ts': ['./station/top.js', './formats/a/fine.js'],
  'packages/core/src/testing/index.ts': ['./fake.js'],
  'packages/core/src/testing/fake.ts': ['../time/clock.js'],
  'packages/core/src/time/clock.ts': ['temporal-polyfill', 'node:os'],
  'packages/core/src/events.ts': ['eventemitter3'],
  'packages/core/src/bytes/hash.ts': ['node:crypto'],
  'packages/core/src/formats/a/fine.ts': ['../../bytes/hash.js', '../../events.js'],
  'packages/core/src/formats/a/two.ts': ['./one.js'],
  'packages/core/src/formats/format.ts': [],
  'packages/core/src/sources/source.ts': ['../time/clock.js'],
  'packages/core/src/sources/http-kind.ts': ['./source.js', 'node:net', 'undici'],
  'packages/core/src/storages/storage.ts': ['node:fs'],
  'packages/core/src/recorder/fine.ts': ['../sources/source.js', '../storages/storage.js', '../formats/format.js'],
  'packages/core/src/station/top.ts': ['../recorder/fine.js', '../sources/http-kind.js'],
  'packages/core/src/oddroom/thing.ts': [],
  'packages/cli/src/fine.ts': ['@isr/core'],
  'packages/cli/test/helper.ts': ['@isr/core/testing'],
}

const dependencies = { eventemitter3: '5', 'temporal-polyfill': '1', undici: '7' }
const entries = {
  '.': { '@isr/source': './src/index.ts' },
  './testing': { '@isr/source': './src/testing/index.ts' },
}
const compilerOptions = { customConditions: ['@isr/source'], module: 'ESNext', moduleResolution: 'Bundler' }

/** A small house with the rooms of ours: harmless files, offences, and stand-ins of the npm packages. */
function buildHouse(house: string): void {
  const put = (path: string, content: string | object) => {
    mkdirSync(dirname(join(house, path)), { recursive: true })
    writeFileSync(join(house, path), typeof content === 'string' ? content : JSON.stringify(content))
  }
  const module = (names: readonly string[]) =>
    `${names.map((name) => `import ${JSON.stringify(name)}\n`).join('')}export const it = 1\n`
  for (const [path, names] of Object.entries(harmless)) put(path, module(names))
  for (const [, path, name] of offences) put(path, module([name]))
  put('../shared/rules.mjs', module([]))
  put('tsconfig.json', { compilerOptions })
  put('package.json', { name: 'house', devDependencies: { 'fast-check': '4' } })
  put('packages/core/package.json', { name: '@isr/core', dependencies, exports: entries })
  put('packages/cli/package.json', { name: '@isr/cli', dependencies: { '@isr/core': '0' } })
  for (const name of [...Object.keys(dependencies), 'fast-check']) {
    put(`node_modules/${name}/package.json`, { name, main: 'index.js' })
    put(`node_modules/${name}/index.js`, module([]))
  }
  mkdirSync(join(house, 'node_modules/@isr'))
  symlinkSync('../../packages/core', join(house, 'node_modules/@isr/core'))
}

it('the layers: every rule finds the file that breaks it, and nothing else', async () => {
  const house = join(tempDir('isr-layers-'), 'house')
  buildHouse(house)
  const depcruise = join(root, 'node_modules/.bin/depcruise')
  const config = join(root, '.dependency-cruiser.cjs')
  const command = `cd "$0" && exec "$1" "$2" --config "$3" --output-type json packages scripts`
  const { stdout, output } = await runTool('sh', ['-c', command, house, process.execPath, depcruise, config])
  expect(output.slice(0, 1)).toBe('{')
  const report = JSON.parse(stdout.toString()) as Report
  const found = report.summary.violations.map(({ from, rule }) => `${rule.name}: ${from}`)
  expect(found).toEqual(expect.arrayContaining(offences.map(([rule, path]) => `${rule}: ${path}`)))
  const guilty = new Set([...offences.map(([, path]) => path), 'packages/core/src/formats/a/two.ts'])
  expect(report.summary.violations.filter(({ from }) => !guilty.has(from))).toEqual([])
  // no rule is left without its proof
  const rules = report.summary.ruleSetUsed.forbidden.map(({ name }) => name)
  const proven = new Set(offences.map(([rule]) => rule))
  expect(rules.filter((rule) => !proven.has(rule))).toEqual([])
})

interface Report {
  readonly summary: {
    readonly violations: readonly { readonly from: string; readonly rule: { readonly name: string } }[]
    readonly ruleSetUsed: { readonly forbidden: readonly { readonly name: string }[] }
  }
}
