import { join } from 'node:path'
import { must } from '../lib/run.mjs'
import { packages } from '../lib/workspace.mjs'

/**
 * Packs every package that is published, as `npm publish` would.
 * @param {string} folder where the tarballs go
 */
export async function packTarballs(folder) {
  const tarballs = []
  for (const { name, dir, manifest } of packages()) {
    if (manifest.private) continue
    const { output } = await must('npm', ['pack', '--json', '--loglevel=error', '--pack-destination', folder], {
      cwd: dir,
    })
    const [packed] = JSON.parse(output.slice(output.indexOf('[')))
    tarballs.push({ name, manifest, file: join(folder, packed.filename) })
  }
  return tarballs
}
