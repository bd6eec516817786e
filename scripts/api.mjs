// npm run api: writes packages/*/etc/*.api.md anew after a wanted change of the public API.
import { apiReports } from './checks/api-reports.mjs'
import { buildPackages } from './lib/build-packages.mjs'
import { ensureInstalled } from './lib/install.mjs'

await ensureInstalled()
await buildPackages()
const { code, output } = await apiReports({ update: true })
if (output) console.error(output)
process.exitCode = code
