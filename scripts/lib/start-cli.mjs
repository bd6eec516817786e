import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { buildPackages } from './build-packages.mjs'
import { ensureInstalled } from './install.mjs'
import { root } from './workspace.mjs'

/**
 * Makes the project ready and becomes `isr record --serve` with `args`; with ./config.ini or the demo when they name no source.
 * In this very process: Ctrl+C and the exit code need no passing on.
 */
export async function startCli(args) {
  process.chdir(root)
  await ensureInstalled()
  await buildPackages()
  const what = namesSource(args) ? [] : existsSync('config.ini') ? ['config.ini'] : ['--demo']
  const cli = join(root, 'packages/cli/dist/isr.js')
  stopWithParent()
  process.argv = [process.execPath, cli, 'record', '--serve', ...what, ...args]
  await import(pathToFileURL(cli).href)
}

/** A SIGTERM to npm ends npm and its shell but is not passed on: without them nobody could stop the recorder any more. */
function stopWithParent() {
  if (process.env.npm_lifecycle_event !== 'start') return
  const parent = process.ppid
  const watch = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(watch)
    process.kill(process.pid, 'SIGTERM')
  }, 500).unref()
}

/** Flags of the server that take a value. */
const serveValues = ['port', 'host', 'token', 'allow-host', 'analyses-dir', 'threshold', 'min-gap'].map(
  (name) => `--${name}`,
)

/** Whether `args` of `isr record` say what to record: a source option, or a word that is no option's value. */
function namesSource(args) {
  const valued = ['--name', '--output', '--split-minutes', '--pattern', '--format', '--duration', ...serveValues]
  return args.some((arg, at) => {
    if (/^(--(url|device|demo|help|version|list-devices)(=.*)?|-h|-V)$/.test(arg)) return true
    return !arg.startsWith('-') && !valued.includes(args[at - 1])
  })
}
