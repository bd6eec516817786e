import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { run } from './run.mjs'
import { root } from './workspace.mjs'

/** Debian packages of the real tools that judge in tests, and the commands they bring. */
const rigPackages = Object.keys(JSON.parse(readFileSync(join(root, 'tests/e2e/rig/debian-packages.json'), 'utf8')))

/** The one command that makes the rig complete. */
const rigCommand = `apt-get install -y --no-install-recommends ${rigPackages.join(' ')}`

/**
 * Installs what is missing of the rig when that can be done without asking.
 * @returns {Promise<{ missing: string[], note: string }>} what is missing still
 */
export async function ensureRig() {
  if (!existsSync('/usr/bin/dpkg-query')) {
    return {
      missing: ['the Debian rig'],
      note: 'No Debian packages here: tests that need missing tools are skipped by name.',
    }
  }
  let missing = missingPackages()
  if (missing.length === 0) return { missing, note: '' }
  const asRoot = process.getuid() === 0 ? [] : ['sudo', '-n']
  if (asRoot.length > 0 && (await run('sudo', ['-n', 'true'])).code !== 0) {
    return { missing, note: `Not root, and sudo wants a password. The rig is completed by:\n  sudo ${rigCommand}` }
  }
  console.log(`Installing the test rig: ${missing.join(' ')} ...`)
  const said = await withoutStartingServices(asRoot, () => install(asRoot, missing))
  missing = missingPackages()
  return { missing, note: missing.length > 0 ? `${said}\nThe rig is completed by:\n  ${rigCommand}` : '' }
}

/** Tries with the package lists that are there, then with fresh ones. */
async function install(asRoot, wanted) {
  const apt = (...args) => {
    const [command, ...rest] = [...asRoot, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-q', '-y', ...args]
    return run(command, rest)
  }
  const once = await apt('install', '--no-install-recommends', ...wanted)
  if (once.code === 0) return once.output
  await apt('update')
  return (await apt('install', '--no-install-recommends', ...wanted)).output
}

/** Tests start their own servers: installing icecast2 and nginx must not start the machine's. */
async function withoutStartingServices(asRoot, action) {
  const policy = '/usr/sbin/policy-rc.d'
  if (asRoot.length > 0 || existsSync(policy)) return action()
  writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 })
  try {
    return await action()
  } finally {
    rmSync(policy, { force: true })
  }
}

function missingPackages() {
  // exit 1 when one of them is unknown to dpkg; the others are listed all the same
  const known = spawnSync('dpkg-query', ['-W', '-f', '${Package} ${db:Status-Status}\\n', ...rigPackages], {
    encoding: 'utf8',
  }).stdout
  const installed = new Set(
    known
      .split('\n')
      .filter((line) => line.endsWith(' installed'))
      .map((line) => line.split(' ')[0]),
  )
  return rigPackages.filter((name) => !installed.has(name))
}
