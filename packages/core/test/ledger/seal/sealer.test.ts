import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { RecordingLine, SealedLine } from '../../../src/ledger/entry.js'
import { MemoryLedger } from '../../../src/ledger/ledger.js'
import { LedgerScan } from '../../../src/ledger/read/ledger-scan.js'
import { readLedgerLines } from '../../../src/ledger/read/read-lines.js'
import { Sealer } from '../../../src/ledger/seal/sealer.js'
import { MemoryStorage } from '../../../src/storages/memory-storage.js'
import { FakeClock } from '../../../src/testing/fake-clock.js'

const sum = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex')

async function folder(files: Readonly<Record<string, Uint8Array>>) {
  const clock = new FakeClock(Date.UTC(2026, 10, 22))
  const storage = new MemoryStorage(clock)
  for (const [name, bytes] of Object.entries(files)) {
    const writer = await storage.create(name)
    writer.append(bytes)
    await writer.commit([])
  }
  return { clock, storage, ledger: new MemoryLedger() }
}

const request = (name: string, source = 'a') => ({ name, source, run: 'r', timeZone: 'UTC' })
const bytes = (count: number) => Uint8Array.from({ length: count }, (_, index) => index * 7)

const facts = (name: string) => ({
  ...{ v: 1, source: 'a', run: 'r', name, startedAt: '2026-11-22T00:00:00.000Z', utcOffset: '+00:00' },
  ...{ format: 'wav', codec: 'pcm', sampleRate: 8000, channels: 1, seq: 0 },
})
const open = (name: string, seal?: boolean) => ({ ...facts(name), type: 'open', ...(seal !== undefined && { seal }) })
const recording = (name: string, more: Partial<RecordingLine> = {}) => ({
  ...{ ...facts(name), type: 'recording', samples: 1, durationSeconds: 1 / 8000 },
  ...{ bytes: 10, headerBytes: 1, receivedBytes: 2, sha256: '0'.repeat(64), frames: 1, prerollFrames: 0 },
  ...{ prerollSamples: 0, closedBy: 'boundary', titles: [], ...more },
})

async function scanOf(lines: readonly object[]) {
  const scan = new LedgerScan()
  async function* chunks() {
    yield await Promise.resolve(new TextEncoder().encode(lines.map((line) => `${JSON.stringify(line)}\n`).join('')))
  }
  for await (const line of readLedgerLines(chunks())) scan.take(line)
  expect(scan.faults).toBe(0)
  return scan
}

describe('LedgerScan', () => {
  const unsealed = async (...lines: object[]) => [...((await scanOf(lines)).chains.get('a')?.unsealed.keys() ?? [])]
  const sealed = (name: string) => ({
    ...{ v: 1, type: 'sealed', source: 'a', run: 'r', name, sha256: '0'.repeat(64), prev: '' },
    ...{ at: '2026-11-22T00:00:00.000Z', utcOffset: '+00:00' },
  })

  it('misses the seal of what was promised one, the very first included', async () => {
    expect(await unsealed(open('1', true), recording('1'), open('2', true))).toEqual(['1'])
    expect(await unsealed(open('1', true), recording('1'), sealed('1'), open('2', true), recording('2'))).toEqual(['2'])
    expect(await unsealed(open('1', true), recording('1'), sealed('1'))).toEqual([])
    expect(await unsealed(open('1'), recording('1'), open('2', false), recording('2'))).toEqual([])
    expect(await unsealed(open('1'), recording('1'), open('2', true), recording('2'), recording('3'))).toEqual(['2'])
  })

  it('asks it of no file that is not whole, and of none that is gone', async () => {
    const failed = recording('1', { closedBy: 'error', sha256: '' })
    expect(await unsealed(open('1', true), failed)).toEqual([])
    expect(await unsealed(open('1', true), failed, recording('1', { closedBy: 'recovered' }))).toEqual(['1'])
    const removed = { ...sealed('1'), type: 'removed', by: 'user' }
    expect(await unsealed(open('1', true), recording('1'), removed)).toEqual([])
  })

  it('remembers the promise of a file that a crash left open', async () => {
    const scan = await scanOf([open('1', true), open('2'), open('3', true), recording('3')])
    expect(['1', '2', '3'].map((name) => scan.isSealPromised(name))).toEqual([true, false, true])
  })
})

describe('Sealer', () => {
  it('hashes whole files and links each line to the one before of its source', async () => {
    const files = { 'a1.wav': bytes(10), 'b1.wav': bytes(20), 'a2.wav': bytes(30), 'a3.wav': bytes(0) }
    const { clock, storage, ledger } = await folder(files)
    const sealer = new Sealer({ storage, ledger, clock })
    sealer.add(request('a1.wav'))
    sealer.begin(new Map())
    sealer.add(request('b1.wav', 'b'))
    sealer.add(request('a2.wav'))
    sealer.add(request('a3.wav'))
    await sealer.finish(1000)
    const lines = ledger.entries as SealedLine[]
    expect(lines.map(({ name, sha256 }) => [name, sha256])).toEqual(
      Object.entries(files).map(([name, content]) => [name, sum(content)]),
    )
    const [a1, b1, a2, a3] = lines
    expect(a1).toMatchObject({
      type: 'sealed',
      v: 1,
      run: 'r',
      prev: '',
      at: '2026-11-22T00:00:00.000Z',
      utcOffset: '+00:00',
    })
    expect(b1.prev).toBe('')
    expect(a2.prev).toBe(sum(JSON.stringify(a1)))
    expect(a3.prev).toBe(sum(JSON.stringify(a2)))
  })

  it('goes on with the chain after a restart, and seals what was left', async () => {
    const { clock, storage, ledger } = await folder({ 'a1.wav': bytes(10), 'a2.wav': bytes(20), 'a3.wav': bytes(30) })
    const first = new Sealer({ storage, ledger, clock })
    first.begin(new Map())
    first.add(request('a1.wav'))
    await first.finish(1000)
    const scan = await scanOf([recording('a1.wav'), ledger.entries[0], recording('a2.wav')])
    const chain = scan.chains.get('a')!
    expect([...chain.unsealed.keys()]).toEqual(['a2.wav'])
    const second = new Sealer({ storage, ledger, clock })
    for (const name of chain.unsealed.keys()) second.add(request(name))
    second.begin(scan.chains)
    second.add(request('a3.wav'))
    await second.finish(1000)
    const [a1, a2, a3] = ledger.entries as SealedLine[]
    expect([a1.name, a2.name, a3.name]).toEqual(['a1.wav', 'a2.wav', 'a3.wav'])
    expect(a2.prev).toBe(sum(JSON.stringify(a1)))
    expect(a3.prev).toBe(sum(JSON.stringify(a2)))
  })

  it('is slow while there is time, and quick at the end', async () => {
    const { clock, storage, ledger } = await folder({ 'a.wav': bytes(10), 'b.wav': bytes(10) })
    const piece = bytes(1 << 20)
    storage.read = async function* () {
      for (let count = 0; count < 8; count++) yield await Promise.resolve(piece)
    }
    const sealer = new Sealer({ storage, ledger, clock })
    sealer.begin(new Map())
    sealer.add(request('a.wav'))
    await clock.advance(190)
    expect(ledger.entries).toEqual([])
    await clock.advance(20)
    expect(ledger.entries).toHaveLength(1)
    sealer.add(request('b.wav'))
    await sealer.finish(1000) // the clock stands still: no pause is waited for
    expect(ledger.entries).toHaveLength(2)
    expect(clock.pendingTimers).toBe(0)
  })

  it('gives up at the deadline: no line of half a file', async () => {
    const { clock, storage, ledger } = await folder({ 'a.wav': bytes(10) })
    storage.read = async function* () {
      for (;;) {
        yield bytes(10)
        await new Promise((resolve) => setImmediate(resolve))
      }
    }
    const sealer = new Sealer({ storage, ledger, clock })
    sealer.begin(new Map())
    sealer.add(request('a.wav'))
    const done = sealer.finish(5000)
    await clock.advance(5001)
    await done
    expect(ledger.entries).toEqual([])
  })

  it('a file that cannot be read is told of, and breaks no chain', async () => {
    const { clock, storage, ledger } = await folder({ 'a1.wav': bytes(1), 'a3.wav': bytes(3) })
    const faults: string[] = []
    const sealer = new Sealer({
      storage,
      ledger,
      clock,
      onFault: (source, { code }) => faults.push(`${source} ${code}`),
    })
    sealer.begin(new Map())
    for (const name of ['a1.wav', 'a2.wav', 'a3.wav']) sealer.add(request(name))
    await sealer.finish(1000)
    const [a1, a3] = ledger.entries as SealedLine[]
    expect(a3.prev).toBe(sum(JSON.stringify(a1)))
    expect(faults).toEqual(['a ISR_STORAGE_NOT_FOUND'])
  })
})
