import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildPackages } from '../lib/build-packages.mjs'
import { ensureInstalled } from '../lib/install.mjs'
import { Report } from './report.mjs'
import { ensureRig } from '../lib/rig.mjs'
import { smokeTarballs } from './smoke.mjs'
import { runChecks, staticChecks } from './static-checks.mjs'
import { runSuite } from './suite.mjs'
import { packTarballs } from './tarballs.mjs'

const inCi = process.env.CI === 'true'

/** Everything that `npm test` does; with `only`, just those test files. A failing step hides no other. */
export async function testAll(only) {
  const report = new Report()
  await ensureInstalled()
  await checkRig(report)
  await buildPackages()
  if (only.length > 0) report.add(await runSuite(only))
  else {
    const folder = mkdtempSync(join(tmpdir(), 'isr-test-'))
    try {
      await runEverything(report, folder)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  }
  process.exitCode = report.finish()
}

async function runEverything(report, folder) {
  const tarballs = await packTarballs(folder)
  const done = (name, result) => report.check(name, result)
  report.heading('Checks')
  await runChecks(staticChecks(tarballs), 2, done)
  report.heading('Tests')
  report.add(await runSuite([], { tryAgain: true }))
  report.heading('Packed tarballs')
  await smokeTarballs(tarballs, join(folder, 'user'), done)
}

/** Without the rig some tests are skipped by name; in CI that is a failure. */
async function checkRig(report) {
  const { missing, note } = await ensureRig()
  if (note) console.log(note)
  if (inCi) report.check('test rig', { ok: missing.length === 0, output: `missing: ${missing.join(' ')}` })
}
