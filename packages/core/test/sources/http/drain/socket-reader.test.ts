/** Live bodies on real sockets and a clock that stands still: what waits in the kernel, and that nothing of it is lost or doubled. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'

import type { SourceError } from '../../../../src/errors.js'
import { concatBytes } from '../../../../src/bytes/concat.js'
import { loadLowWater } from '../../../../src/sources/http/drain/low-water.js'
import type { Connection } from '../../../../src/sources/source.js'
import { FakeClock, FaultServer, settle } from '../../../../src/testing/index.js'
import type { FaultConnection } from '../../../../src/testing/index.js'
import { open, payload, sameBytes, until } from '../support.js'
import { describeWithTools } from '../../../../../../tests/e2e/rig/require-tool.js'

/** Longer than any tick. */
const TICK_MS = 1100
/** For so long what arrives may wait where nobody needs it sooner. */
const LONG_MS = 4000
/** After this a live body may wait. */
const PROMPT_MS = 5000
const AUDIO = payload(300_000)

let folder = ''
let certificate: { readonly key: string; readonly cert: string } | undefined
const servers: FaultServer[] = []

afterEach(async () => {
  for (const server of servers.splice(0)) await server.close()
})

/** A station whose listeners are told what to send. */
async function station(secure = false): Promise<FaultServer> {
  const server = await FaultServer.start((connection) => connection.respond({ 'content-type': 'audio/mpeg' }), {
    ...(secure && certificate && { tls: certificate }),
  })
  servers.push(server)
  return server
}

/** One listener and all that it was given. */
class Listener {
  readonly parts: Uint8Array[] = []
  readonly arrivals: number[] = []
  length = 0
  ended = false
  error: SourceError | undefined
  readonly done: Promise<void>

  constructor(readonly connection: Connection) {
    this.done = this.#listen()
  }

  get bytes(): Uint8Array {
    return concatBytes(this.parts)
  }

  async #listen(): Promise<void> {
    try {
      for await (const { bytes, arrivedAtMs } of this.connection) {
        this.parts.push(bytes)
        this.arrivals.push(arrivedAtMs ?? NaN)
        this.length += bytes.length
      }
    } catch (error) {
      this.error = error as SourceError
    }
    this.ended = true
  }
}

/** Sends the audio from `at` on; resolves when the kernel has it. */
async function send(connection: FaultConnection, at: number, length: number): Promise<number> {
  await connection.write(AUDIO.subarray(at, at + length))
  return at + length
}

/** A listener that is past its first seconds: the next bytes wait for the tick. */
async function drained(
  server: FaultServer,
  clock: FakeClock,
): Promise<{ listener: Listener; sender: FaultConnection }> {
  const trusted = certificate && { trustedCertificates: [certificate.cert] }
  const index = server.connections.length
  const listener = new Listener(await open({ url: server.url, ...trusted }, undefined, clock))
  const sender = await server.connection(index)
  await send(sender, 0, 1000)
  await until(() => listener.length === 1000, 'the first bytes, read at once')
  await clock.advance(PROMPT_MS + 1)
  await send(sender, 1000, 1000)
  await until(() => listener.length === 2000, 'the last bytes that are read at once')
  await settle()
  return { listener, sender }
}

/** With the kernel's low-water mark, or with sockets that are paused. */
function paused(): void {
  beforeAll(() => void vi.stubEnv('ISR_LOW_WATER', 'off'))
  afterAll(() => void vi.unstubAllEnvs())
}

function streams(name: string, secure: boolean, setUp = () => {}): void {
  describe(name, () => {
    setUp()

    it('leaves a live body in the kernel until the tick, and stamps it then', async () => {
      const clock = new FakeClock()
      const { listener, sender } = await drained(await station(secure), clock)
      let at = 2000
      for (let turn = 0; turn < 5; turn++) {
        for (let part = 0; part < 11; part++) at = await send(sender, at, 1400)
        await settle()
        expect(listener.length).toBe(at - 15_400)
        const beforeMs = clock.monotonicMs()
        // step by step: a tick that finds nothing would wait for what comes next
        for (let step = 0; step < 100 && listener.length < at; step++) await clock.advance(10)
        await until(() => listener.length === at, 'all that had arrived')
        expect(listener.arrivals.at(-1)).toBeGreaterThan(beforeMs)
      }
      expect(sameBytes(listener.bytes, AUDIO.subarray(0, at))).toBe('same')
      await listener.connection[Symbol.asyncDispose]()
      expect(clock.pendingTimers).toBe(0)
    })

    it('gives every byte once, however they are cut and whenever the tick comes', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.record({ length: fc.integer({ min: 1, max: 20_000 }), waits: fc.boolean() }), { maxLength: 12 }),
          async (parts) => {
            const clock = new FakeClock()
            const { listener, sender } = await drained(await station(secure), clock)
            let at = 2000
            for (const { length, waits } of parts) {
              at = await send(sender, at, length)
              if (waits) await clock.advance(TICK_MS / 3)
            }
            void sender.end()
            while (!listener.ended) await clock.advance(TICK_MS)
            expect(sameBytes(listener.bytes, AUDIO.subarray(0, at))).toBe('same')
            expect(listener.error).toBeUndefined()
          },
        ),
        { numRuns: 12 },
      )
    })

    it('reads at once as long as somebody listens live', async () => {
      const clock = new FakeClock()
      const { listener, sender } = await drained(await station(secure), clock)
      listener.connection.mayWait?.(0)
      let at = await send(sender, 2000, 1400)
      await until(() => listener.length === at, 'bytes without a tick')
      at = await send(sender, at, 1400)
      await until(() => listener.length === at, 'more of them')
      listener.connection.mayWait?.(1000)
      at = await send(sender, at, 1400)
      await until(() => listener.length === at, 'the last ones')
      await send(sender, at, 1400)
      await settle()
      expect(listener.length).toBe(at)
    })

    it('may be left alone for longer, and then comes as soon as somebody wants it', async () => {
      const clock = new FakeClock()
      const { listener, sender } = await drained(await station(secure), clock)
      listener.connection.mayWait?.(LONG_MS)
      // up to the tick that it was in before
      let at = await send(sender, 2000, 1400)
      while (listener.length < at) await clock.advance(10)
      const fromMs = clock.monotonicMs()
      at = await send(sender, at, 30_000)
      for (let step = 0; step < 500 && listener.length < at; step++) await clock.advance(10)
      await until(() => listener.length === at, 'all that had arrived')
      const waitedMs = clock.monotonicMs() - fromMs
      if (process.env.ISR_LOW_WATER === 'off') expect(waitedMs).toBeLessThan(TICK_MS)
      else expect(waitedMs).toBeGreaterThan(1000)
      at = await send(sender, at, 1400)
      await settle()
      expect(listener.length).toBe(at - 1400)
      listener.connection.mayWait?.(0)
      await until(() => listener.length === at, 'what waited')
      await listener.connection[Symbol.asyncDispose]()
      expect(clock.pendingTimers).toBe(0)
    })

    it('gives what lay in a paused socket before its end', async () => {
      const clock = new FakeClock()
      const { listener, sender } = await drained(await station(secure), clock)
      const at = await send(sender, 2000, 60_000)
      void sender.end()
      while (!listener.ended) await clock.advance(TICK_MS)
      expect(sameBytes(listener.bytes, AUDIO.subarray(0, at))).toBe('same')
      expect(listener.error).toBeUndefined()
      expect(clock.pendingTimers).toBe(0)
    })

    it('holds a body that nobody reads back, and loses nothing of it', async () => {
      const clock = new FakeClock()
      const server = await station(secure)
      const trusted = certificate && { trustedCertificates: [certificate.cert] }
      const connection = await open({ url: server.url, ...trusted }, undefined, clock)
      const iterator = connection[Symbol.asyncIterator]()
      const sender = await server.connection(0)
      const whole = 40 * AUDIO.length
      const sending = (async () => {
        for (let part = 0; part < 40; part++) if (!(await sender.write(AUDIO))) return
        void sender.end()
      })()
      let length = ((await iterator.next()).value as { bytes: Uint8Array }).bytes.length
      await clock.advance(PROMPT_MS + 1)
      for (let before = -1; before !== sender.sentBytes;) {
        before = sender.sentBytes
        for (let turn = 0; turn < 20; turn++) await clock.advance(TICK_MS)
      }
      expect(sender.sentBytes).toBeLessThan(whole)
      let wrong = 0
      for (let next = await iterator.next(); !next.done; next = await iterator.next()) {
        const { bytes } = next.value
        for (let at = 0; at < bytes.length; at += 991) if (bytes[at] !== AUDIO[(length + at) % AUDIO.length]) wrong++
        length += bytes.length
        void clock.advance(TICK_MS)
      }
      await sending
      expect([length, wrong]).toEqual([whole, 0])
    })
  })
}

describe('the low-water mark', () => {
  it('is to be had here', async () => {
    expect(await loadLowWater()).toBeDefined()
  })
})

streams('over TCP', false)
streams('over TCP, paused', false, paused)

describeWithTools(['openssl'], 'over TLS', () => {
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'isr-drain-'))
    const [key, cert] = [join(folder, 'key'), join(folder, 'cert')]
    const request = [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:prime256v1',
      '-nodes',
      '-days',
      '2',
    ]
    const subject = ['-subj', '/CN=station', '-addext', 'subjectAltName=IP:127.0.0.1']
    execFileSync('openssl', [...request, '-keyout', key, '-out', cert, ...subject], { stdio: 'pipe' })
    certificate = { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') }
  })
  afterAll(() => {
    certificate = undefined
    rmSync(folder, { recursive: true, force: true })
  })
  streams('a station', true)
  streams('a station, paused', true, paused)
})

describe('many sockets', () => {
  it('are read in one wake-up', async () => {
    const clock = new FakeClock()
    const server = await station()
    const all: Listener[] = []
    for (let count = 0; count < 12; count++) {
      all.push(new Listener(await open({ url: server.url }, undefined, clock)))
    }
    const senders = await Promise.all(all.map((_, index) => server.connection(index)))
    for (const sender of senders) await send(sender, 0, 1000)
    await until(() => all.every(({ length }) => length === 1000), 'the first bytes')
    await clock.advance(PROMPT_MS + 1)
    for (const sender of senders) await send(sender, 1000, 1000)
    await until(() => all.every(({ length }) => length === 2000), 'the last ones that are read at once')
    for (const sender of senders) await send(sender, 2000, 1400)
    await settle()
    expect(all.map(({ length }) => length)).toEqual(all.map(() => 2000))
    expect(clock.pendingTimers).toBe(1)
    await clock.advance(TICK_MS)
    await until(() => all.every(({ length }) => length === 3400), 'a tick')
    for (const { bytes } of all) expect(sameBytes(bytes, AUDIO.subarray(0, 3400))).toBe('same')
  })
})

describe('an end', () => {
  it('is told at once, whatever the tick', async () => {
    const clock = new FakeClock()
    const server = await station()
    const first = await drained(server, clock)
    const second = await drained(server, clock)
    const at = await send(first.sender, 2000, 5000)
    void first.sender.end()
    await first.listener.done
    expect(sameBytes(first.listener.bytes, AUDIO.subarray(0, at))).toBe('same')
    await send(second.sender, 2000, 30_000)
    second.sender.reset()
    await second.listener.done
    expect(second.listener.error).toMatchObject({ code: 'ISR_SOURCE_RESET', source: 'test' })
    expect(clock.pendingTimers).toBe(0)
  })

  it('is not waited for where more comes in a tick than is left in the kernel', async () => {
    const clock = new FakeClock()
    const { listener, sender } = await drained(await station(), clock)
    await send(sender, 2000, 200_000)
    await until(() => listener.length > 128 * 1024, 'much')
    expect(sameBytes(listener.bytes, AUDIO.subarray(0, listener.length))).toBe('same')
  })
})

describe('paused sockets', () => {
  paused()

  it('of a station that ends one of them are all looked at', async () => {
    const clock = new FakeClock()
    const server = await station()
    const first = await drained(server, clock)
    const second = await drained(server, clock)
    const at = await send(second.sender, 2000, 5000)
    void second.sender.end()
    await settle()
    expect(second.listener.ended).toBe(false)
    // the first one is read at once, the second one waits
    first.listener.connection.mayWait?.(0)
    void first.sender.end()
    await until(() => first.listener.ended && second.listener.length === at, 'what lay in the other one')
  })
})

describe('a reset in a paused socket', () => {
  it('is told after all that arrived before it', async () => {
    const clock = new FakeClock()
    const { listener, sender } = await drained(await station(), clock)
    const at = await send(sender, 2000, 30_000)
    sender.reset()
    while (!listener.ended) await clock.advance(TICK_MS)
    expect(sameBytes(listener.bytes, AUDIO.subarray(0, at))).toBe('same')
    expect(listener.error).toMatchObject({ code: 'ISR_SOURCE_RESET', source: 'test' })
  })
})
