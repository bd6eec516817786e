/** What a station has sent is recorded, though it still lies in the kernel when the recorder is stopped. */
import { afterEach, expect, it } from 'vitest'
import { MemoryLedger } from '../../src/ledger/ledger.js'
import { HttpSource } from '../../src/sources/http/http-source.js'
import { Recorder } from '../../src/station/recorder.js'
import { MemoryStorage } from '../../src/storages/memory-storage.js'
import { FakeClock, FaultServer, settle } from '../../src/testing/index.js'
import { until } from '../sources/http/support.js'
import { frameNumbers, numberedFormat, numberedFrames } from '../support/numbered-format.js'

/** The end of the seconds in which all is read as it comes. */
const PROMPT_MS = 5001

let server: FaultServer | undefined
afterEach(() => server?.close())

it('takes what has arrived when it is told to stop', async () => {
  server = await FaultServer.start(async (connection) => {
    await connection.respond({ 'content-type': 'audio/x-numbered' })
    await connection.write(numberedFrames(0, 10))
  })
  const clock = new FakeClock()
  const storage = new MemoryStorage(clock)
  const recorder = new Recorder({
    source: new HttpSource({ url: server.url, name: 'test', titles: false }),
    storage,
    ledger: new MemoryLedger(),
    clock,
    timeZone: 'UTC',
    formats: [numberedFormat],
  })
  recorder.start()
  const sender = await server.connection(0)
  await until(() => recorder.status.receivedBytes > 0, 'the first bytes')
  await clock.advance(PROMPT_MS)
  await sender.write(numberedFrames(10, 10))
  const { receivedBytes } = recorder.status
  await until(() => recorder.status.receivedBytes === 2 * receivedBytes, 'the last bytes that are read at once')
  await sender.write(numberedFrames(20, 10))
  await settle()
  expect(recorder.status.receivedBytes).toBe(2 * receivedBytes)
  await recorder.stop()
  const { recording } = recorder.status
  expect(recording).toBeUndefined()
  const names: string[] = []
  for await (const { name } of storage.list()) names.push(name)
  const frames = names.flatMap((name) => frameNumbers(storage.bytes(name)))
  expect(frames).toEqual(Array.from({ length: 30 }, (_, index) => index))
})
