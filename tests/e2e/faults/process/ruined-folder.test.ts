import { appendFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { NumberedStation, numberedStream } from '@isr/core/testing'
import { beforeAll, describe, expect, it } from 'vitest'
import { tempDir } from '../../rig/temp-dir.js'
import { waitUntil } from '../../rig/wait-until.js'
import { build, startIsr } from '../../support/isr.js'
import { readLedger } from '../../support/ledger-file.js'
import { BUILD_MS } from '../record-many.js'
import { recordStation, servedAt } from '../record-station.js'

const SOURCES = 4

describe('a folder in which somebody deleted, edited and tore', () => {
  beforeAll(build, BUILD_MS)

  it('is listed, served and verified; what is wrong is named, the rest is as it was', async () => {
    const cwd = tempDir('isr-ruined-')
    const directory = join(cwd, 'recordings')
    mkdirSync(directory)
    await using station = await NumberedStation.start({ stream: numberedStream('mp3', 1), burstSeconds: 2 })
    const names = Array.from({ length: SOURCES }, (_, index) => `s${index}`)
    const isr = await recordStation(
      cwd,
      names.map((name) => ({ name, directory, station })),
    )
    const heard = () => station.sent.filter(({ frames }) => frames * station.stream.frameSeconds > 3)
    await waitUntil('all are recorded', () => heard().length === SOURCES, 60_000)
    expect(await isr.stop('SIGTERM', 30_000), isr.output()).toBe(0)
    const [deleted, edited, cut, whole] = readLedger(directory).recordings.map(({ name }) => name)

    rmSync(join(directory, deleted))
    const bytes = readFileSync(join(directory, edited))
    bytes[bytes.length - 100] ^= 1
    writeFileSync(join(directory, edited), bytes)
    writeFileSync(join(directory, cut), readFileSync(join(directory, cut)).subarray(0, -1000))
    const ledger = join(directory, '.isr/ledger.jsonl')
    const before = readFileSync(ledger, 'utf8')
    appendFileSync(ledger, 'no line\n{"v":1,"type":"disc')

    const verify = async () => {
      const program = await startIsr(['verify', directory])
      return { exitCode: await program.ended, output: program.output() }
    }
    const found = await verify()
    expect(found.exitCode).toBe(1)
    const faults = found.output.split('\n').filter((line) => line.startsWith('fault'))
    for (const name of [deleted, edited, cut])
      expect(
        faults.some((line) => line.includes(name)),
        `${name}: ${found.output}`,
      ).toBe(true)
    expect(faults.some((line) => line.includes(whole))).toBe(false)
    expect(found.output).toMatch(/ledger/)

    const server = await startIsr(['serve', directory, '--port', '0'])
    const url = await servedAt(server)
    const listed = (await (await fetch(`${url}/api/files`)).json()) as { files: { name: string }[] }
    expect(listed.files.map(({ name }) => name).sort()).toEqual([edited, cut, whole].sort())
    const gone = await fetch(`${url}/stream/${deleted}`)
    expect(gone.status).toBe(404)
    expect(await gone.json()).toHaveProperty('error')
    const served = await (await fetch(`${url}/stream/${whole}`)).arrayBuffer()
    expect(Buffer.from(served).equals(readFileSync(join(directory, whole)))).toBe(true)
    expect((await fetch(`${url}/api/status`)).status).toBe(200)
    expect(await server.stop()).toBe(0)

    // of the ledger only the torn end goes
    const repair = await startIsr(['repair', directory])
    await repair.ended
    expect(readFileSync(ledger, 'utf8').startsWith(`${before}no line\n`), repair.output()).toBe(true)
    expect(readFileSync(ledger, 'utf8')).not.toContain('"type":"disc\n')
    expect(readFileSync(ledger, 'utf8').endsWith('\n')).toBe(true)
  })
})
