import { accessSync, constants, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { describe, it } from 'vitest'

const packages = JSON.parse(readFileSync(new URL('debian-packages.json', import.meta.url), 'utf8')) as Record<
  string,
  string[]
>

/** The programs of `tools` that are not installed, each with its Debian package. */
export function missingTools(tools: readonly string[]): { readonly tool: string; readonly package: string }[] {
  return tools.filter((tool) => !isInstalled(tool)).map((tool) => ({ tool, package: packageOf(tool) }))
}

/**
 * `describe` for tests that real programs judge. With `CI=true` a missing program is a failure; elsewhere the tests are
 * skipped, by name and with the command that installs what is missing. `tests` is not even run then, so fixtures may be
 * made in it.
 */
export function describeWithTools(tools: readonly string[], name: string, tests: () => void): void {
  const missing = missingTools(tools)
  if (missing.length === 0) return void describe(name, tests)
  const needs = missing.map(({ tool }) => tool).join(', ')
  const command = `apt-get install -y ${[...new Set(missing.map((one) => one.package))].join(' ')}`
  describe(name, () => {
    if (process.env.CI !== 'true') return void it.skip(`needs ${needs}: ${command}`)
    it(`finds ${needs}`, () => {
      throw new Error(`missing: ${needs}. Install with: ${command}`)
    })
  })
}

function isInstalled(tool: string): boolean {
  // daemons live in sbin, which is not on every user's PATH
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin']
  return folders.some((folder) => {
    try {
      accessSync(join(folder, tool), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}

function packageOf(tool: string): string {
  const found = Object.entries(packages).find(([, tools]) => tools.includes(tool))
  if (!found) throw new Error(`tests/e2e/rig/debian-packages.json names no package for ${tool}`)
  return found[0]
}
