import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { must } from './run.mjs'
import { fingerprint, readStamp, writeStamp } from './stamps.mjs'
import { packages, root } from './workspace.mjs'

/** Installs the npm packages when the lockfile changed since the last time; says so only when it does something. */
export async function ensureInstalled() {
  const manifests = packages().map(({ dir }) => join(dir, 'package.json'))
  const wanted = `${process.platform}-${process.arch} ${fingerprint([join(root, 'package-lock.json'), ...manifests])}`
  if (readStamp('install') === wanted) return
  if (!installedAsLocked()) {
    console.log('Installing npm packages ...')
    await must('npm', ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'], { show: true })
  }
  writeStamp('install', wanted)
}

/** Whether node_modules already holds what the lockfile says, because someone ran npm by hand. */
function installedAsLocked() {
  const installed = readLock('node_modules/.package-lock.json')
  const locked = readLock('package-lock.json')
  if (!installed || !locked) return false
  return Object.entries(locked).every(([path, entry]) => {
    if (!path.startsWith('node_modules/')) return true
    const have = installed[path]
    return have ? have.version === entry.version && have.integrity === entry.integrity : Boolean(entry.optional)
  })
}

function readLock(path) {
  try {
    return JSON.parse(readFileSync(join(root, path), 'utf8')).packages
  } catch {
    return undefined
  }
}
