import { describe, expect, it } from 'vitest'

import { CommandSource } from '../../src/sources/command.js'
import type { CommandSourceOptions } from '../../src/sources/command.js'
import type { Connection } from '../../src/sources/source.js'
import { systemClock } from '../../src/time/clock.js'
import { drain, until } from './http/support.js'

const never = new AbortController().signal
const node = (script: string) => [process.execPath, '-e', script]

function run(
  command: readonly string[],
  options: Partial<CommandSourceOptions> = {},
  signal = never,
): Promise<Connection> {
  return new CommandSource({ command, name: 'program', ...options }).connect({ signal, clock: systemClock })
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

const pidOf = (connection: Connection) => Number(connection.facts!.pid)

/** Reads the first line: the pid of a grandchild. */
async function firstLine(connection: Connection): Promise<string> {
  const { value } = await connection[Symbol.asyncIterator]().next()
  return Buffer.from((value as { bytes: Uint8Array }).bytes).toString()
}

describe('CommandSource', () => {
  it('gives what the program writes, whatever its arguments hold, and ends cleanly with exit 0', async () => {
    const odd = `a b'"$(touch /tmp/no);\n*`
    const script = 'process.stdout.write(Buffer.alloc(3000000, 7), () => process.stdout.write(process.argv[1]))'
    const pcm = { sampleRateHz: 8000, channels: 1, sampleFormat: 's16' } as const
    const connection = await run([...node(script), odd], { pcm })
    expect(connection).toMatchObject({ pace: 'live', pcm, contentType: '' })
    const { bytes, error } = await drain(connection)
    expect(error).toBeUndefined()
    expect(bytes.subarray(0, 3_000_000).every((byte) => byte === 7)).toBe(true)
    expect(Buffer.from(bytes.subarray(3_000_000)).toString()).toBe(odd)
    expect(isAlive(pidOf(connection))).toBe(false)
  })

  it('tells exit code and last words, without the secrets in them', async () => {
    const script = `process.stdout.write('audio'); console.error('x\\n'.repeat(9000) + 'http://u:hunter2@h/?t=hunter2\\n\\x1b[31mServer returned 404'); process.exitCode = 3`
    const { bytes, error } = await drain(await run(node(script)))
    expect(Buffer.from(bytes).toString()).toBe('audio')
    expect(error).toMatchObject({ code: 'ISR_SOURCE_FAILED', source: 'program', retryable: true })
    expect(error!.message).toMatch(/^node exited with code 3: .*http:\/\/h\/\?t=\*\*\* \| \[31mServer returned 404$/)
    expect(error!.stack).not.toContain('hunter2')
  })

  it('inherits no secret of ours', async () => {
    process.env.ISR_PASSWORD = 'hunter2'
    const { bytes } = await drain(await run(node('console.log(JSON.stringify(process.env))')))
    delete process.env.ISR_PASSWORD
    const inherited = JSON.parse(Buffer.from(bytes).toString()) as NodeJS.ProcessEnv
    expect(inherited.PATH).toBe(process.env.PATH)
    expect(JSON.stringify(inherited)).not.toMatch(/hunter2|ISR_/)
  })

  it('tells the signal that ended it, and that it said nothing', async () => {
    const { error } = await drain(await run(node("process.kill(process.pid, 'SIGKILL')")))
    expect(error).toMatchObject({ code: 'ISR_SOURCE_FAILED', message: 'node was ended by SIGKILL and said nothing' })
  })

  it('tells a program that does not exist or cannot be run, without its arguments', async () => {
    const missing = run(['/nowhere/program', 'hunter2'])
    await expect(missing).rejects.toMatchObject({ code: 'ISR_SOURCE_NOT_FOUND', source: 'program' })
    const denied = run(['/etc/passwd', 'hunter2'])
    await expect(denied).rejects.toMatchObject({ code: 'ISR_SOURCE_FAILED' })
    for (const failed of [missing, denied, run(node(''), { cwd: '/nowhere' })]) {
      const error = (await failed.catch((caught: unknown) => caught)) as Error
      expect(`${error.message}${error.stack}${JSON.stringify(error)}${String(error.cause)}`).not.toContain('hunter2')
    }
    expect(() => new CommandSource({ command: [] })).toThrow(expect.objectContaining({ code: 'ISR_ARGUMENT_INVALID' }))
    await expect(run(['a\0b'])).rejects.toMatchObject({ code: 'ISR_SOURCE_FAILED' })
  })

  it('ends the whole group at a dispose, grandchildren too', async () => {
    const grandchild = 'setInterval(() => {}, 1000)'
    const script = `const c = require('child_process').spawn(process.execPath, ['-e', ${JSON.stringify(grandchild)}], { stdio: 'inherit' }); process.stdout.write(String(c.pid)); setInterval(() => {}, 1000)`
    const connection = await run(node(script))
    const pid = Number(await firstLine(connection))
    expect([isAlive(pid), isAlive(pidOf(connection))]).toEqual([true, true])
    await connection[Symbol.asyncDispose]()
    await connection[Symbol.asyncDispose]()
    expect(isAlive(pidOf(connection))).toBe(false)
    await until(() => !isAlive(pid), 'the grandchild is gone')
  })

  it('kills a program that ignores SIGTERM after the time it was given', async () => {
    const script = "process.on('SIGTERM', () => {}); process.stdout.write('x'); setInterval(() => {}, 1000)"
    const connection = await run(node(script), { killTimeoutMs: 150 })
    await firstLine(connection)
    const startedAt = performance.now()
    await connection[Symbol.asyncDispose]()
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(140)
    expect(isAlive(pidOf(connection))).toBe(false)
  })

  it('gives what a program says on its way out after an abort, then ends without an error', async () => {
    const script =
      "process.on('SIGTERM', () => process.stdout.write('the end', () => process.exit(1))); process.stdout.write('begin '); setInterval(() => {}, 1000)"
    const controller = new AbortController()
    const connection = await run(node(script), {}, controller.signal)
    const { bytes, error } = await drain(connection, () => controller.abort())
    expect(Buffer.from(bytes).toString()).toBe('begin the end')
    expect(error).toBeUndefined()
    expect(isAlive(pidOf(connection))).toBe(false)
  })

  it('ends when nobody reads, though the program is blocked by a full pipe', async () => {
    const script = 'const b = Buffer.alloc(65536); (function f() { process.stdout.write(b, f) })()'
    const connection = await run(node(script))
    await firstLine(connection)
    await connection[Symbol.asyncDispose]()
    expect(isAlive(pidOf(connection))).toBe(false)
  })

  it('starts nothing after an abort', async () => {
    await expect(run(node(''), {}, AbortSignal.abort())).rejects.toMatchObject({ code: 'ISR_STOPPED' })
  })
})
