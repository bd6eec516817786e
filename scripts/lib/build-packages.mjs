import { copyFileSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import { oneAtATime } from './one-at-a-time.mjs'
import { must } from './run.mjs'
import { filesUnder, fingerprint, readStamp, writeStamp } from './stamps.mjs'
import { packages, root } from './workspace.mjs'

/** Files beside `src` that change what a build gives. */
const ingredients = ['package.json', 'tsup.config.ts', 'vite.config.ts', 'tsconfig.json', 'index.html', 'src', 'public']

/** Builds each package whose sources, or whose packages underneath, changed since its last build. */
export function buildPackages() {
  return oneAtATime('build', buildInOrder)
}

async function buildInOrder() {
  const hashes = new Map()
  for (const { name, dir, manifest, needs } of packages()) {
    const own = fingerprint([...ingredients.map((path) => join(dir, path)), join(root, 'tsconfig.base.json')])
    const hash = [own, ...needs.map((need) => hashes.get(need))].join(' ')
    hashes.set(name, hash)
    if (!manifest.scripts?.build || isFresh(name, hash)) continue
    console.log(`Building ${name} ...`)
    copyFileSync(join(root, 'LICENSE'), join(dir, 'LICENSE'))
    await must('npm', ['run', 'build', '--silent'], { cwd: dir })
    writeStamp(stampOf(name), { hash, files: ['dist', 'page'].flatMap((folder) => filesUnder(join(dir, folder))) })
  }
}

function isFresh(name, hash) {
  const stamp = readStamp(stampOf(name))
  return stamp?.hash === hash && stamp.files.length > 0 && stamp.files.every((file) => existsSync(file))
}

function stampOf(name) {
  return `build-${name.replace(/\W+/g, '-')}`
}
