import { spawnSync } from 'node:child_process'
import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { run } from './run.mjs'

/** Debian packages of the real tools that judge in tests. */
const rigPackages =
  'ffmpeg icecast2 ezstream flac opus-tools vorbis-tools oggz-tools mp3val mp3check mpg123 faad sox mediainfo alsa-utils ' +
  'libasound2-plugins pulseaudio pulseaudio-utils chromium python3 python3-numpy python3-soundfile python3-requests ' +
  'faketime strace nginx-light wrk tzdata procps'

/** The one command that makes the rig complete. */
export const rigCommand = `apt-get install -y --no-install-recommends ${rigPackages}`

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
  const wanted = rigPackages.split(' ')
  // exit 1 when one of them is unknown to dpkg; the others are listed all the same
  const known = spawnSync('dpkg-query', ['-W', '-f', '${Package} ${db:Status-Status}\\n', ...wanted], {
    encoding: 'utf8',
  }).stdout
  const installed = new Set(
    known
      .split('\n')
      .filter((line) => line.endsWith(' installed'))
      .map((line) => line.split(' ')[0]),
  )
  return wanted.filter((name) => !installed.has(name))
}
