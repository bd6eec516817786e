import { join } from 'node:path'
import { readFileSync, writeFileSync } from 'node:fs'
import type { NumberedStation, SentLog } from '@isr/core/testing'
import type { Background } from '../rig/background.js'
import { waitUntil } from '../rig/wait-until.js'
import { startIsr } from '../support/isr.js'

/** A source of {@link recordStation}: it listens to the path of its name. */
export interface StationSource {
  readonly name: string
  /** Folder of its recordings. */
  readonly directory: string
  /** What it listens to. */
  readonly station: NumberedStation
}

/** Records with the command line, as a user does; the first source's folder is served. */
export function recordStation(cwd: string, sources: readonly StationSource[]): Promise<Background> {
  const sections = sources.map(
    ({ name, directory, station }) => `[${name}]\nurl = ${station.url}${name}\noutput_directory = ${directory}\n`,
  )
  writeFileSync(join(cwd, 'config.ini'), `[general]\nmax_retries = 0\nlog_file =\n${sections.join('')}`)
  return startIsr(['record', '--serve', '--port', '0'], { cwd })
}

/** Where it is served. */
export async function servedAt({ output }: Background): Promise<string> {
  const SERVING = /http:\/\/127\.0\.0\.1:\d+/
  await waitUntil('the server', () => SERVING.test(output()), 60_000)
  return SERVING.exec(output())![0]
}

/** What a source was sent. */
export function sentTo(station: NumberedStation, name: string): SentLog[] {
  const listeners = station.listeners.filter(({ connection }) => connection.request.path === `/${name}`)
  return listeners.map((listener) => listener.sent)
}

/** Resident memory, in megabytes. */
export function rssMb(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024
}
