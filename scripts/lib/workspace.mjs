import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder of the project. */
export const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '')

/** A package of the workspace.
 * @typedef {{ name: string, dir: string, manifest: any, needs: string[] }} Package */

/** The packages in the order in which they must be built. @returns {Package[]} */
export function packages() {
  const all = readdirSync(join(root, 'packages'))
    .map((folder) => join(root, 'packages', folder))
    .filter((dir) => existsSync(join(dir, 'package.json')))
    .map((dir) => ({ dir, manifest: JSON.parse(readFileSync(join(dir, 'package.json'), 'utf8')) }))
  const names = new Set(all.map(({ manifest }) => manifest.name))
  const waiting = all.map(({ dir, manifest }) => ({
    name: manifest.name,
    dir,
    manifest,
    needs: Object.keys({ ...manifest.dependencies, ...manifest.devDependencies }).filter((name) => names.has(name)),
  }))
  const ordered = []
  while (waiting.length > 0) {
    const next = waiting.findIndex(({ needs }) => needs.every((need) => ordered.some(({ name }) => name === need)))
    if (next < 0) throw new Error(`packages need each other: ${waiting.map(({ name }) => name).join(', ')}`)
    ordered.push(...waiting.splice(next, 1))
  }
  return ordered
}
