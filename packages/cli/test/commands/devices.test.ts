import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { printDevices } from '../../src/commands/devices.js'
import { FakeIo } from '../support/fake-io.js'

const folder = mkdtempSync(join(tmpdir(), 'isr-devices-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** An arecord that lists one card and the default. */
const ARECORD = `#!/bin/sh
if [ "$1" = -l ]; then
  echo 'card 1: Device [USB Audio Device], device 0: USB Audio [USB Audio]'
else
  printf 'default\\n    The \\033[31mdefault\\nhw:CARD=Device,DEV=0\\n    x\\n'
fi
`
const PACTL = `#!/bin/sh
printf 'Source #0\\n\\tName: out.monitor\\n\\tDescription: Monitor of Speakers\\n\\tMonitor of Sink: out\\n'
`
for (const [name, text] of Object.entries({ arecord: ARECORD, pactl: PACTL })) {
  writeFileSync(join(folder, name), text)
  chmodSync(join(folder, name), 0o755)
}

async function list(json: boolean, PATH: string): Promise<FakeIo> {
  const io = new FakeIo()
  io.env = { PATH }
  await printDevices(io, json)
  return io
}

describe('isr devices', () => {
  it('lists what can be recorded from, the default first', async () => {
    const { stdout, stderr } = await list(false, folder)
    expect(stdout.lines).toEqual([
      'default               The  [31mdefault',
      'hw:CARD=Device,DEV=0  USB Audio Device (hw:1,0)',
      'out.monitor           Monitor of Speakers (monitor)',
    ])
    expect(stderr.text).toBe('')
  })

  it('is one line of JSON when asked for', async () => {
    const { stdout } = await list(true, folder)
    expect(stdout.lines).toHaveLength(1)
    const { devices } = JSON.parse(stdout.text) as { devices: { id: string; kind: string; program: string }[] }
    expect(devices.map(({ id, kind, program }) => [id, kind, program])).toEqual([
      ['default', 'pcm', 'arecord'],
      ['hw:CARD=Device,DEV=0', 'card', 'arecord'],
      ['out.monitor', 'source', 'parec'],
    ])
  })

  it('says so when there is nothing', async () => {
    const { stdout, stderr } = await list(false, '/nonexistent')
    expect(stdout.text).toBe('')
    expect(stderr.text).toBe('no capture device found; arecord (apt install alsa-utils) lists soundcards\n')
    expect((await list(true, '/nonexistent')).stdout.text).toBe('{"devices":[]}\n')
  })
})
