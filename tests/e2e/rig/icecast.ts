import { createHash } from 'node:crypto'
import { chmodSync, chownSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startBackground } from './background.js'
import { freePort } from './free-port.js'
import { tempDir } from './temp-dir.js'
import { waitUntil } from './wait-until.js'

/** A real icecast2 of one's own on 127.0.0.1. */
export interface Icecast {
  readonly port: number
  /** Password of sources; the user is `source`. */
  readonly sourcePassword: string
  /** Address where listeners find `mount` (which starts with a slash). */
  url(mount: string): string
  /** Resolves when a source feeds `mount`. */
  waitForMount(mount: string): Promise<void>
  /** What the server wrote into its error log. */
  log(): string
  stop(): Promise<void>
}

/** How the server differs from icecast's defaults. */
export interface IcecastOptions {
  /** Bytes of the past that a new listener gets at once. Default 65535, as icecast. */
  readonly burstBytes?: number
  /** HTTP Basic user and password of listeners, by mount. */
  readonly listeners?: Readonly<Record<string, { readonly username: string; readonly password: string }>>
}

const NOBODY = 65534

/** Starts icecast2, as nobody when we are root (it refuses root), and waits until it answers. */
export async function startIcecast(options: IcecastOptions = {}): Promise<Icecast> {
  const folder = tempDir('isr-icecast-')
  const logs = join(folder, 'log')
  const port = await freePort()
  const sourcePassword = 'feed'
  mkdirSync(logs)
  chmodSync(folder, 0o755)
  writeFileSync(join(folder, 'icecast.xml'), configuration(port, logs, sourcePassword, options))
  const asRoot = process.getuid?.() === 0
  if (asRoot) chownSync(logs, NOBODY, NOBODY)
  const server = await startBackground('icecast2', ['-c', join(folder, 'icecast.xml')], {
    cwd: folder,
    env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/usr/bin` },
    ...(asRoot && { uid: NOBODY, gid: NOBODY }),
  })
  const log = () => server.output() + readIfThere(join(logs, 'error.log'))
  const origin = `http://127.0.0.1:${port}`
  await waitUntil('icecast2 answers', async () => {
    if (server.exitCode() !== undefined) throw new Error(`icecast2 ended with ${server.exitCode()}: ${log()}`)
    return (await status(origin)) !== undefined
  })
  return {
    port,
    sourcePassword,
    url: (mount) => origin + mount,
    waitForMount: (mount) =>
      waitUntil(
        `a source on ${mount}`,
        async () => JSON.stringify(await status(origin))?.includes(`${mount}"`) ?? false,
      ),
    log,
    stop: async () => void (await server.stop()),
  }
}

async function status(origin: string): Promise<unknown> {
  try {
    const answer = await fetch(`${origin}/status-json.xsl`, { signal: AbortSignal.timeout(2000) })
    const text = await answer.text()
    return answer.ok ? JSON.parse(text) : undefined
  } catch {
    return undefined
  }
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

function configuration(port: number, logs: string, password: string, options: IcecastOptions): string {
  const mounts = Object.entries(options.listeners ?? {}).map(([mount, { username, password: secret }]) => {
    const users = join(logs, `..${mount}.users`)
    // icecast keeps MD5 of the password in an htpasswd file of its own
    writeFileSync(users, `${username}:${md5(secret)}\n`, { mode: 0o644 })
    return `<mount type="normal"><mount-name>${mount}</mount-name>
      <authentication type="htpasswd"><option name="filename" value="${users}"/></authentication></mount>`
  })
  return `<icecast>
  <location>test</location><admin>test@localhost</admin><hostname>127.0.0.1</hostname>
  <limits><clients>200</clients><sources>50</sources><queue-size>2097152</queue-size><source-timeout>10</source-timeout>
    <burst-on-connect>1</burst-on-connect><burst-size>${options.burstBytes ?? 65535}</burst-size></limits>
  <authentication><source-password>${password}</source-password><relay-password>${password}</relay-password>
    <admin-user>admin</admin-user><admin-password>${password}</admin-password></authentication>
  <listen-socket><port>${port}</port><bind-address>127.0.0.1</bind-address></listen-socket>
  ${mounts.join('\n  ')}
  <paths><basedir>/usr/share/icecast2</basedir><logdir>${logs}</logdir><webroot>/usr/share/icecast2/web</webroot>
    <adminroot>/usr/share/icecast2/admin</adminroot></paths>
  <logging><accesslog>access.log</accesslog><errorlog>error.log</errorlog><loglevel>3</loglevel></logging>
  <security><chroot>0</chroot></security>
</icecast>
`
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex')
}
