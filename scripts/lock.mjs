// npm run lock: brings package-lock.json in line with the package.json files, and makes it complete.
// A registry mirror may lack the bindings for other platforms. npm then leaves them out of the lockfile without a word,
// and `npm ci` refuses that lockfile everywhere. With --check it only looks.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { must } from './lib/run.mjs'
import { root } from './lib/workspace.mjs'

const check = process.argv.includes('--check')
const file = join(root, 'package-lock.json')
if (!check) await must('npm', ['install', '--package-lock-only', '--no-audit', '--no-fund', '--loglevel=error'])
const lock = JSON.parse(readFileSync(file, 'utf8'))
const missing = missingBindings(lock.packages)
if (check) {
  for (const { path } of missing) console.error(`package-lock.json lacks ${path}: npm run lock`)
  process.exitCode = missing.length > 0 ? 1 : 0
} else if (missing.length > 0) {
  for (const { path, entry } of missing) lock.packages[path] = entry
  const sorted = Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1))
  writeFileSync(file, `${JSON.stringify({ ...lock, packages: Object.fromEntries(sorted) }, null, 2)}\n`)
  console.log(`package-lock.json: added ${missing.length} bindings of other platforms`)
}

/** Optional dependencies with an exact version that are nowhere in the lockfile. */
function missingBindings(packages) {
  return Object.values(packages).flatMap(({ optionalDependencies = {}, dev }) =>
    Object.entries(optionalDependencies)
      .filter(([name, version]) => /^\d+\.\d+\.\d+$/.test(version) && !packages[`node_modules/${name}`])
      .map(([name, version]) => ({
        path: `node_modules/${name}`,
        entry: { version, ...platformOf(name), dev, optional: true },
      })),
  )
}

/** What a binding's name says of the machines that it is for: npm installs it nowhere else. */
function platformOf(name) {
  const [, cpu] = /-(arm64|arm|x64|ia32|ppc64|riscv64|s390x|loong64)(-|$)/.exec(name) ?? []
  const [, os] = /(?:^|[/-])(android|darwin|freebsd|linux|openbsd|openharmony|win32)-/.exec(name) ?? []
  if (!cpu || !os) throw new Error(`package-lock.json lacks ${name}, and its name tells no platform`)
  const libc =
    os !== 'linux' ? undefined : name.endsWith('-musl') ? ['musl'] : name.endsWith('-gnu') ? ['glibc'] : undefined
  return { cpu: [cpu], libc, os: [os] }
}
