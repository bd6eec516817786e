import { readFileSync, rmSync } from 'node:fs'
import { join, relative } from 'node:path'
import { bin, run } from '../lib/run.mjs'
import { root } from '../lib/workspace.mjs'
import { secondTry } from './second-try.mjs'

/** A suite that hangs is ended and counts as failed; it needs a third of this on two cores. */
const LONGEST_MS = 20 * 60_000
const cache = join(root, 'node_modules/.cache/isr')

/** Runs the vitest suite, all of it or what `args` name, in the open and counts what it did. `tryAgain`: see secondTry. */
export async function runSuite(args = [], { env = process.env, longestMs = LONGEST_MS, tryAgain = false } = {}) {
  const first = await runVitest(args, { env, longestMs })
  // an error that belongs to no test cannot be mended by trying a test again
  if (!tryAgain || first.code === 0 || first.unhandled !== 0) return countTests(first.results, first.code)
  let code = first.code
  const { results, needed } = await secondTry(first.results, async (files) => {
    console.log(`\n== Once more, with nothing beside them: ${files.length} test files`)
    const second = await runVitest([...files, '--maxWorkers=1'], { env, longestMs })
    code = second.code
    return second.results
  })
  return { ...countTests(results, code), needed: needed.map((name) => relative(root, name)) }
}

async function runVitest(args, { env, longestMs }) {
  const json = join(cache, 'vitest.json')
  const unhandled = join(cache, 'unhandled')
  for (const path of [json, unhandled]) rmSync(path, { force: true })
  const counter = join(root, 'scripts/checks/count-unhandled.mjs')
  const reporters = ['default', 'json', counter].map((name) => `--reporter=${name}`)
  const { code } = await run(
    process.execPath,
    [bin('vitest'), 'run', ...reporters, `--outputFile.json=${json}`, ...args],
    {
      env: { ...env, ISR_UNHANDLED_FILE: unhandled },
      show: true,
      timeoutMs: longestMs,
    },
  )
  return { code, results: readJson(json), unhandled: readJson(unhandled) }
}

function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
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
