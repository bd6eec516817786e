// npm run soak: the suites that have a long form, at their long values: hours. `npm run soak -- WORD` runs those whose path holds the word.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Report } from './checks/report.mjs'
import { runSuite } from './checks/suite.mjs'
import { buildPackages } from './lib/build-packages.mjs'
import { ensureInstalled } from './lib/install.mjs'
import { ensureRig } from './lib/rig.mjs'
import { refuseUnknown } from './lib/refuse-unknown.mjs'
import { root } from './lib/workspace.mjs'

const LONGEST_MS = 6 * 3600_000

/** The switches of each suite, at their long values; what they mean is said in the suite. */
const SUITES = {
  'packages/core/test/formats/mp4/muxer.test.ts': { ISR_M4A_CUTS: '60' },
  'packages/core/test/live/live-patchers.test.ts': { ISR_LIVE_SIZES: '2000', ISR_LIVE_JUDGED: '25' },
  'packages/core/test/recorder/stitch/restart.test.ts': { ISR_RESTARTS: '25' },
  'packages/core/test/recovery/truncations.test.ts': { ISR_SOAK: '1' },
  'tests/e2e/exact-joins.test.ts': { ISR_SOAK: '1' },
  'tests/e2e/faults/blocked-disk.test.ts': { ISR_BLOCKED_SOURCES: '100', ISR_BLOCKED_SECONDS: '30' },
  'tests/e2e/faults/disk.test.ts': { ISR_SOAK: '1' },
  'tests/e2e/faults/kill.test.ts': { ISR_KILLS: '100', ISR_GROUPED_KILLS: '100' },
  'tests/e2e/faults/many/back-on-air.test.ts': { ISR_BACK_ROUNDS: '20' },
  'tests/e2e/faults/many/hundred-sources.test.ts': { ISR_OUTAGES: '1.5 5 30 58' },
  'tests/e2e/faults/many/steady.test.ts': { ISR_STEADY_SECONDS: '3600' },
  'tests/e2e/faults/power-cut.test.ts': { ISR_POWER_CUTS: '20' },
  'tests/e2e/faults/process/injected.test.ts': { ISR_FAULT_SECONDS: '10' },
  'tests/e2e/faults/process/kill-in-burst.test.ts': { ISR_BURST_KILLS: '40' },
  'tests/e2e/faults/stream.test.ts': { ISR_SOAK: '1' },
}
/** What makes nothing longer, and variables that are themselves tested. */
const OTHERS = ['ISR_KEEP_TEMP', 'ISR_LOW_WATER', 'ISR_PASSWORD', 'ISR_NAME', 'ISR_CLOSED_BY']

const [word = ''] = process.argv.slice(2)
refuseUnknown(word, Object.keys(SUITES))
const report = new Report()
await ensureInstalled()
const { missing, note } = await ensureRig()
if (note) console.log(note)
report.check('test rig', { ok: missing.length === 0, output: `missing: ${missing.join(' ')}` })
checkSwitches()
await buildPackages()
for (const [file, switches] of Object.entries(SUITES)) {
  if (!file.includes(word)) continue
  const values = Object.entries(switches).map(([name, value]) => `${name}=${value}`)
  report.heading(`${values.join(' ')} ${file}`)
  const timeouts = [`--testTimeout=${LONGEST_MS}`, `--hookTimeout=${LONGEST_MS}`]
  report.add(await runSuite([file, ...timeouts], { env: { ...process.env, ...switches }, longestMs: LONGEST_MS }))
}
process.exitCode = report.finish()

/** A switch that somebody adds to a suite belongs here. */
function checkSwitches() {
  const unknown = ['packages/core/test', 'packages/cli/test', 'packages/server/test', 'tests'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .flatMap((name) => unknownSwitches(`${folder}/${name}`)),
  )
  report.check('every switch has its long value', { ok: unknown.length === 0, output: unknown.join('\n') })
}

function unknownSwitches(file) {
  const names = readFileSync(join(root, file), 'utf8').match(/(?<=process\.env\.)ISR_\w+/g) ?? []
  return names
    .filter((name) => !(name in (SUITES[file] ?? {})) && !OTHERS.includes(name))
    .map((name) => `${name} of ${file}`)
}
