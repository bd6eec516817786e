import { expect, it } from 'vitest'
import { MemoryLedger } from '../../src/ledger/ledger.js'
import { Recorder } from '../../src/station/recorder.js'
import { MemoryStorage } from '../../src/storages/memory-storage.js'
import { FaultServer, type FaultScript } from '../../src/testing/fault-server.js'
import { systemClock } from '../../src/time/clock.js'

const SILENT: Readonly<Record<string, FaultScript>> = {
  nothing: () => {},
  'half a head': (connection) => connection.send(Buffer.from('HTTP/1.1 200 OK\r\nContent-Ty')),
  'a head that trickles': async (connection) => {
    await connection.send(Buffer.from('HTTP/1.1 200 OK\r\n'))
    for (let at = 0; !connection.isClosed; at++) {
      await connection.send(Buffer.from(`x-${at}: y\r\n`))
      await connection.pause(50)
    }
  },
  'a body that trickles': async (connection) => {
    await connection.respond({ 'content-type': 'audio/mpeg' })
    await connection.stream(
      Array.from({ length: 1000 }, () => Uint8Array.of(0)),
      50,
    )
  },
}

it.concurrent.each(Object.keys(SILENT))('a server that sends %s is left after stallTimeoutMs', async (way) => {
  await using server = await FaultServer.start(SILENT[way])
  const recorder = new Recorder({
    ...{ source: server.url, storage: new MemoryStorage(systemClock), ledger: new MemoryLedger() },
    ...{ stallTimeoutMs: 700, retry: { maxAttempts: 1, delayMs: 10 } },
  })
  recorder.start()
  const { error } = await recorder.finished
  expect(error).toMatchObject({ code: 'ISR_RETRIES_EXHAUSTED', cause: { code: 'ISR_SOURCE_STALLED' } })
  expect(error!.message).toMatch(/(with)?in 0\.7 s/)
  expect(server.connections).toHaveLength(2)
  await server.whenIdle()
})
