// Plain old syntax on purpose: this file must load on the Node that it turns away.
import { readFileSync } from 'fs'

/** Ends the process with a clear message when Node is older than package.json's `engines.node`. */
export function requireNode() {
  const manifest = JSON.parse(String(readFileSync(new URL('../../package.json', import.meta.url))))
  const floor = /(\d+)\.(\d+)/.exec(manifest.engines.node)
  const have = /(\d+)\.(\d+)/.exec(process.versions.node)
  const tooOld = Number(have[1]) < Number(floor[1]) || (have[1] === floor[1] && Number(have[2]) < Number(floor[2]))
  if (!tooOld) return
  console.error('ISR needs Node ' + floor[0] + ' or newer; this is ' + process.version + ' (' + process.execPath + ').')
  console.error('Debian 13 and Raspberry Pi OS ship a fitting one: apt-get install nodejs npm')
  process.exit(1)
}
