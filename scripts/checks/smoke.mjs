import { copyFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { run } from '../lib/run.mjs'
import { root } from '../lib/workspace.mjs'

const nodeMajors = [20, 22, 24]

/**
 * Installs the packed packages outside of the project, as a user does, and uses them on every Node that is supported.
 * @param {string} folder an empty folder outside of the project
 * @param {(name: string, result: { ok: boolean, output: string, seconds: number }) => void} done
 */
export async function smokeTarballs(tarballs, folder, done) {
  mkdirSync(folder, { recursive: true })
  const install = ['install', '--no-audit', '--no-fund', '--loglevel=error', '--prefix', folder]
  const installed = await run('npm', [...install, ...tarballs.map(({ file }) => file)], { cwd: folder })
  done('tarballs install outside of the project', { ...installed, ok: installed.code === 0 })
  if (installed.code !== 0) return
  copyFileSync(join(root, 'scripts/checks/smoke-user.mjs'), join(folder, 'smoke-user.mjs'))
  for (const major of nodeMajors) {
    const node = await findNode(major)
    const name = `tarballs work on Node ${major}`
    if (!node.path) done(name, { ok: false, output: node.output, seconds: 0 })
    else {
      const used = await run(node.path, ['smoke-user.mjs', `recordings-${major}`], { cwd: folder, timeoutMs: 60_000 })
      done(name, { ...used, ok: used.code === 0 })
    }
  }
}

/** This Node when it is of that major, else the one that npm's `node` package brings. */
async function findNode(major) {
  if (process.versions.node.startsWith(`${major}.`)) return { path: process.execPath, output: '' }
  const args = ['-y', '--loglevel=error', '-p', `node@${major}`, 'node', '-p', 'process.execPath']
  const { code, output } = await run('npx', args, { cwd: '/' })
  return { path: code === 0 ? output.split('\n').at(-1) : '', output }
}
