import type { Server } from 'node:net'
import { IsrError } from '@isr/core'

/**
 * Begins to listen.
 * @throws IsrError `ISR_LISTEN_FAILED`, which says how to mend it
 */
export async function listen(server: Server, port: number, host: string): Promise<void> {
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(port, host, resolve)
    })
  } catch (error) {
    throw new IsrError('ISR_LISTEN_FAILED', faultWords(error as NodeJS.ErrnoException, port, host), { cause: error })
  }
}

function faultWords({ code, message }: NodeJS.ErrnoException, port: number, host: string): string {
  if (code === 'EADDRINUSE')
    return `port ${port} of ${host} is taken, perhaps by another isr: choose another with --port`
  if (code === 'EACCES') return `port ${port} needs more rights: choose one above 1023 with --port`
  if (code === 'EADDRNOTAVAIL') return `this machine has no address ${host}: see --host`
  if (code === 'ENOTFOUND') return `there is no host ${host}: see --host`
  return `nothing can listen at port ${port} of ${host}: ${message}`
}
