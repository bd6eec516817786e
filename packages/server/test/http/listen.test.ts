import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { expect, it } from 'vitest'
import { listen } from '../../src/http/listen.js'

it('says why nothing can listen there, and how to mend it', async () => {
  const first = createServer()
  await listen(first, 0, '127.0.0.1')
  const { port } = first.address() as AddressInfo
  const fails = (port: number, host: string) => expect(listen(createServer(), port, host)).rejects
  try {
    await fails(port, '127.0.0.1').toMatchObject({
      code: 'ISR_LISTEN_FAILED',
      message: `port ${port} of 127.0.0.1 is taken, perhaps by another isr: choose another with --port`,
    })
    // kept for documentation: no machine has it (RFC 5737)
    await fails(0, '203.0.113.1').toMatchObject({ message: 'this machine has no address 203.0.113.1: see --host' })
    await fails(0, 'host.invalid').toMatchObject({ code: 'ISR_LISTEN_FAILED' })
  } finally {
    first.close()
  }
})
