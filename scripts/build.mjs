// npm run build: every package whose sources changed, in the order of their dependencies.
import { buildPackages } from './lib/build-packages.mjs'
import { ensureInstalled } from './lib/install.mjs'

await ensureInstalled()
await buildPackages()
