import { readFileSync, rmSync } from 'node:fs'
import { join, relative } from 'node:path'
import { bin, run } from '../lib/run.mjs'
import { root } from '../lib/workspace.mjs'

/** A suite that hangs is ended and counts as failed; it needs a third of this on two cores. */
const LONGEST_MS = 20 * 60_000

/** Runs the vitest suite, all of it or what `args` name, in the open and counts what it did. */
export async function runSuite(args = [], { env = process.env, longestMs = LONGEST_MS } = {}) {
  const json = join(root, 'node_modules/.cache/isr/vitest.json')
  rmSync(json, { force: true })
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${json}`]
  const { code } = await run(process.execPath, [bin('vitest'), 'run', ...reporters, ...args], {
    env,
    show: true,
    timeoutMs: longestMs,
  })
  return countTests(readResults(json), code)
}

function readResults(json) {
  try {
    return JSON.parse(readFileSync(json, 'utf8'))
  } catch {
    return undefined
  }
}

/** A file that could not even be loaded, or a run that died, counts as a failure too. */
function countTests(results, code) {
  const files = results?.testResults ?? []
  const counts = { passed: 0, failed: 0, skipped: 0, failures: [] }
  const fail = (name) => {
    counts.failed++
    counts.failures.push(name)
  }
  for (const file of files) {
    const name = relative(root, file.name)
    for (const test of file.assertionResults) {
      if (test.status === 'passed') counts.passed++
      else if (test.status === 'failed') fail(`${name} > ${test.fullName}`)
      else counts.skipped++
    }
    const broken = file.status === 'failed' && !file.assertionResults.some(({ status }) => status === 'failed')
    if (broken) fail(`${name} (did not load)`)
  }
  if (counts.passed + counts.failed === 0) fail('vitest ran no test')
  else if (code !== 0 && counts.failed === 0) fail(`vitest ended with exit code ${code}: see its output above`)
  return counts
}
