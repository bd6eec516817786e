// What a user of the packed packages does; copied beside them and run there: node smoke-user.mjs FOLDER
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'

const folder = process.argv[2]
const require = createRequire(import.meta.url)

const imported = await import('@isr/core')
const required = require('@isr/core')
assert.equal(typeof imported.Recorder, 'function', "import { Recorder } from '@isr/core'")
assert.equal(required.Recorder, imported.Recorder, "require('@isr/core') is the same library")

const manifest = JSON.parse(readFileSync('node_modules/@isr/cli/package.json', 'utf8'))
assert.equal(isr('--version').trim(), manifest.version)
isr('record', '--demo', '--duration', '3', '--output', folder)

const ledger = readFileSync(join(folder, '.isr/ledger.jsonl'), 'utf8').trim().split('\n')
const recordings = ledger.map((line) => JSON.parse(line)).filter(({ type }) => type === 'recording')
assert.ok(recordings.length >= 1, 'a recording in the ledger')
for (const { name, bytes } of recordings) assert.equal(statSync(join(folder, name)).size, bytes, `size of ${name}`)
const seconds = recordings.reduce((sum, { durationSeconds }) => sum + durationSeconds, 0)
assert.ok(seconds > 1.5 && seconds < 5, `about 3 s recorded, not ${seconds}`)

function isr(...args) {
  const cli = join('node_modules/@isr/cli', manifest.bin.isr)
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], { encoding: 'utf8' })
  assert.equal(status, 0, `isr ${args.join(' ')}: exit ${status}\n${stdout}${stderr}`)
  return stdout
}
