import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { LedgerFile } from '../../../src/storages/presence/ledger-file.js'
import { Presence, writersOf } from '../../../src/storages/presence/presence.js'
import { livenessOf, ownIdentity } from '../../../src/storages/presence/process-identity.js'

const root = mkdtempSync(join(tmpdir(), 'isr-presence-'))
afterAll(() => rmSync(root, { recursive: true }))
let count = 0
const folder = () => join(root, String(count++))

describe('livenessOf', () => {
  it('knows itself, and a process that is gone, even when its number is used again', async () => {
    const own = await ownIdentity()
    expect(await livenessOf(own, own)).toBe('alive')
    expect(await livenessOf({ ...own, startTicks: own.startTicks! - 5 }, own)).toBe('dead')
    const child = spawn('sleep', ['60'])
    const ticks = readFileSync(`/proc/${child.pid}/stat`, 'latin1').split(') ')[1].split(' ')[19]
    const other = { ...own, pid: child.pid!, startTicks: Number(ticks) }
    expect(await livenessOf(other, own)).toBe('alive')
    child.kill('SIGKILL')
    await once(child, 'close')
    expect(await livenessOf(other, own)).toBe('dead')
  })

  it('a killed process whose parent never asks for its exit code is dead', async () => {
    const own = await ownIdentity()
    // the shell becomes a program that knows nothing of its child
    const parent = spawn('sh', ['-c', 'sleep 0.2 & echo $!; exec sleep 60'])
    const pid = Number(String((await once(parent.stdout, 'data'))[0]))
    const stat = () => readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1].split(' ')
    const zombie = { ...own, pid, startTicks: Number(stat()[19]) }
    await expect.poll(() => stat()[0], { timeout: 20_000 }).toBe('Z')
    expect(await livenessOf(zombie, own)).toBe('dead')
    parent.kill('SIGKILL')
    await once(parent, 'close')
  })

  it('does not pretend to know processes of other machines, boots and containers', async () => {
    const own = await ownIdentity()
    for (const change of [{ host: 'elsewhere' }, { bootId: 'another' }, { pidNamespace: 'pid:[1]' }])
      expect(await livenessOf({ ...own, ...change }, own)).toBe('unknown')
  })

  it('where the system tells nothing: gone is dead, the rest is unknown', async () => {
    const own = { pid: process.pid, host: 'here' }
    expect(await livenessOf(own, own)).toBe('unknown')
    expect(await livenessOf({ pid: 2 ** 22 + 7, host: 'here' }, own)).toBe('dead')
    expect(await livenessOf({ pid: 1, host: 'there' }, own)).toBe('unknown')
  })
})

describe('Presence', () => {
  it('is there between enter and leave', async () => {
    const directory = folder()
    const presence = new Presence(directory)
    expect(await writersOf(directory)).toEqual([])
    await presence.enter(1234)
    expect(await writersOf(directory)).toMatchObject([{ liveness: 'alive', ledgerBytes: 1234 }])
    await presence.leave()
    await presence.leave()
    expect(await writersOf(directory)).toEqual([])
  })

  it('of a killed process stays until it is forgotten', async () => {
    const directory = folder()
    await new Presence(directory).enter(10)
    const live = join(directory, 'live')
    const [name] = readdirSync(live)
    const text = readFileSync(join(live, name), 'utf8')
    writeFileSync(join(live, name), text.replace(/"startTicks":\d+/, '"startTicks":1'))
    const [writer] = await writersOf(directory)
    expect(writer).toMatchObject({ liveness: 'dead', ledgerBytes: 10 })
    await writer.forget()
    await writer.forget()
    expect(readdirSync(live)).toEqual([])
  })

  it.each(['', '{', 'null', '[]', '{"pid":"x"}', '{"pid":1}', '{"pid":1,"host":"h","ledgerBytes":"x"}'])(
    'what cannot be read (%j) says nothing',
    async (text) => {
      const directory = folder()
      await new Presence(directory).enter(0)
      const live = join(directory, 'live')
      writeFileSync(join(live, readdirSync(live)[0]), text)
      expect(await writersOf(directory)).toMatchObject([{ liveness: 'unknown', ledgerBytes: 0 }])
    },
  )
})

describe('LedgerFile', () => {
  it('shows itself from its first line on, with what stood there before', async () => {
    const directory = folder()
    const first = new LedgerFile(join(directory, 'ledger.jsonl'))
    expect(existsSync(directory)).toBe(false)
    await first.append('one\n')
    expect(await writersOf(directory)).toMatchObject([{ liveness: 'alive', ledgerBytes: 0 }])
    const second = new LedgerFile(join(directory, 'ledger.jsonl'))
    expect(await second.open()).toBe(4)
    await second.append('two\n')
    expect(await second.open()).toBe(4)
    expect((await writersOf(directory)).map(({ ledgerBytes }) => ledgerBytes).sort()).toEqual([0, 4])
    await first.close()
    await second.close()
    expect(await writersOf(directory)).toEqual([])
    expect(readFileSync(join(directory, 'ledger.jsonl'), 'utf8')).toBe('one\ntwo\n')
  })

  it('cuts a torn line before it counts', async () => {
    const path = join(folder(), 'ledger.jsonl')
    await new LedgerFile(path).append('one\n')
    writeFileSync(path, 'one\ntwo\nthr')
    expect(await new LedgerFile(path).open()).toBe(8)
  })

  it('shows itself again after its folder was removed', async () => {
    const directory = folder()
    const file = new LedgerFile(join(directory, 'ledger.jsonl'))
    await file.append('one\n')
    await file.close()
    rmSync(directory, { recursive: true })
    await file.append('two\n')
    expect(await writersOf(directory)).toMatchObject([{ liveness: 'alive', ledgerBytes: 0 }])
    await file.close()
  })

  it('rejects with a storage error', async () => {
    await expect(new LedgerFile('/dev/full/ledger').append('x\n')).rejects.toMatchObject({ name: 'StorageError' })
  })
})
