import { readFileSync } from 'node:fs'
import type { NumberedStation } from '@isr/core/testing'
import { expect } from 'vitest'
import type { Background } from '../../rig/background.js'

/**
 * Kills a recorder with SIGKILL. It is halted just before, so that it can be told what it had not read of each station: that lay in the
 * buffers of the kernel, in bytes. No station of this process sends meanwhile.
 */
export async function killAndLook(isr: Background, stations: readonly NumberedStation[]): Promise<number[]> {
  process.kill(isr.pid, 'SIGSTOP')
  while (!/^State:\s+[TtZ]/m.test(readFileSync(`/proc/${isr.pid}/status`, 'utf8')));
  const unread = stations.map(({ server }) => unreadBytes(server.port))
  process.kill(isr.pid, 'SIGKILL')
  expect(await isr.ended).toBe(-1)
  return unread
}

/** What those who are connected to a port of this machine have not read. @source Linux, Documentation/networking/proc_net_tcp.rst */
function unreadBytes(port: number): number {
  let bytes = 0
  for (const line of readFileSync('/proc/net/tcp', 'utf8').split('\n').slice(1)) {
    const [, , remote, state, queues] = line.trim().split(/\s+/)
    if (state !== '01' || Number.parseInt(remote.split(':')[1], 16) !== port) continue
    bytes += Number.parseInt(queues.split(':')[1], 16)
  }
  return bytes
}
