// npm run docs: the reference of every public symbol, in docs/reference; fails on one without a text.
import { ensureInstalled } from './lib/install.mjs'
import { bin, must } from './lib/run.mjs'

await ensureInstalled()
await must(process.execPath, [bin('typedoc')], { show: true })
