import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { getPriority, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'tsup'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { StorageError } from '../../src/errors.js'
import type { JobContext, JobHandler } from '../../src/workers/job.js'
import { WorkerPool } from '../../src/workers/worker-pool.js'

interface Task {
  readonly act: 'double' | 'wait' | 'fail' | 'storage' | 'exit' | 'spin' | 'thread' | 'niceness'
  readonly value?: number
}
type Pool = WorkerPool<Task, number, Float32Array>

/** What the threads do; plain JavaScript, because it goes into their script as text. */
const HANDLER = `async ({ act, value = 0 }, { signal, progress, ownThread }) => {
  if (act === 'fail') throw new TypeError('no number')
  if (act === 'exit') process.exit(3)
  if (act === 'storage') throw Object.assign(new StorageError('ISR_STORAGE_NOT_FOUND', 'nothing there'))
  if (act === 'spin') { const until = performance.now() + value; while (performance.now() < until); }
  if (act === 'wait') await new Promise((resolve, reject) => signal.addEventListener('abort', () => reject(new IsrError('ISR_STOPPED', 'stopped'))))
  if (act === 'niceness') return Float32Array.of((await import('node:os')).getPriority())
  progress(0.5)
  return Float32Array.of(act === 'thread' ? Number(ownThread) : value * 2)
}`

const folder = mkdtempSync(join(tmpdir(), 'isr-workers-'))
const script = pathToFileURL(join(folder, 'thread.mjs'))
const pools: Pool[] = []

beforeAll(async () => {
  const source = (path: string) => JSON.stringify(fileURLToPath(new URL(`../../src/${path}`, import.meta.url)))
  const entry = join(folder, 'entry.ts')
  writeFileSync(
    entry,
    `import { serveJobs } from ${source('workers/serve-jobs.ts')}
import { IsrError, StorageError } from ${source('errors.ts')}
serveJobs(${HANDLER}, ({ buffer }) => [buffer])`,
  )
  await build({
    config: false,
    silent: true,
    entry: { thread: entry },
    outDir: folder,
    outExtension: () => ({ js: '.mjs' }),
    format: ['esm'],
    target: 'node20',
    noExternal: [/.*/],
  })
})
afterEach(async () => {
  for (const pool of pools.splice(0)) await pool[Symbol.asyncDispose]()
})
afterAll(() => rmSync(folder, { recursive: true }))

function poolOf(options: { script?: URL; size?: number; handler?: JobHandler<Task, number, Float32Array> }): Pool {
  const handler: JobHandler<Task, number, Float32Array> = () => Promise.reject(new Error('not in this thread'))
  const pool: Pool = new WorkerPool({ size: 1, handler, ...options })
  pools.push(pool)
  return pool
}

describe('WorkerPool with threads', () => {
  it.runIf(process.platform === 'linux')('give way to the thread that records and answers', async () => {
    const own = getPriority()
    const [niceness] = await poolOf({ script }).run({ act: 'niceness' })
    expect(niceness).toBe(Math.max(own, 10))
    expect(getPriority()).toBe(own)
  })

  it('does jobs in threads, and tells how far they are', async () => {
    const pool = poolOf({ script, size: 2 })
    expect(pool.hasThreads).toBe(true)
    const told: number[] = []
    const results = await Promise.all(
      [1, 2, 3, 4, 5].map((value) => pool.run({ act: 'double', value }, { onProgress: (done) => told.push(done) })),
    )
    expect(results.map(([value]) => value)).toEqual([2, 4, 6, 8, 10])
    expect(told).toEqual([0.5, 0.5, 0.5, 0.5, 0.5])
    expect((await pool.run({ act: 'thread' }))[0]).toBe(1)
  })

  it('leaves this thread free while a job computes', async () => {
    const pool = poolOf({ script })
    await pool.run({ act: 'double' })
    let turns = 0
    const busy = setInterval(() => turns++, 10)
    await pool.run({ act: 'spin', value: 300 })
    clearInterval(busy)
    expect(turns).toBeGreaterThan(5)
  })

  it('hands over errors with their class, code and words', async () => {
    const pool = poolOf({ script })
    await expect(pool.run({ act: 'fail' })).rejects.toMatchObject({ code: 'ISR_DECODE_FAILED', message: 'no number' })
    const error = await pool.run({ act: 'storage' }).catch((error: unknown) => error)
    expect(error).toBeInstanceOf(StorageError)
    expect(error).toMatchObject({ code: 'ISR_STORAGE_NOT_FOUND', message: 'nothing there' })
    expect((await pool.run({ act: 'double', value: 4 }))[0]).toBe(8)
  })

  it('survives a thread that ends, with another', async () => {
    const pool = poolOf({ script })
    await expect(pool.run({ act: 'exit' })).rejects.toMatchObject({ code: 'ISR_DECODE_FAILED' })
    expect((await pool.run({ act: 'double', value: 2 }))[0]).toBe(4)
  })

  it('stops a job that nobody wants, and is free for the next', async () => {
    const pool = poolOf({ script })
    const stop = new AbortController()
    const waiting = pool.run({ act: 'wait' }, { signal: stop.signal })
    const inLine = new AbortController()
    const second = pool.run({ act: 'double', value: 1 }, { signal: inLine.signal })
    const third = pool.run({ act: 'double', value: 3 })
    inLine.abort()
    await expect(second).rejects.toMatchObject({ code: 'ISR_STOPPED' })
    stop.abort()
    await expect(waiting).rejects.toMatchObject({ code: 'ISR_STOPPED' })
    expect((await third)[0]).toBe(6)
    await expect(pool.run({ act: 'double' }, { signal: stop.signal })).rejects.toMatchObject({ code: 'ISR_STOPPED' })
  })

  it('ends its threads and what they do', async () => {
    const pool = poolOf({ script })
    const waiting = pool.run({ act: 'wait' })
    const inLine = pool.run({ act: 'double' })
    const ended = Promise.allSettled([waiting, inLine])
    await new Promise((resolve) => setTimeout(resolve, 50))
    await pool[Symbol.asyncDispose]()
    for (const { status, reason } of (await ended) as PromiseRejectedResult[])
      expect([status, (reason as { code: string }).code]).toEqual(['rejected', 'ISR_STOPPED'])
    await expect(pool.run({ act: 'double' })).rejects.toMatchObject({ code: 'ISR_STOPPED' })
  })
})

describe('WorkerPool without a script', () => {
  it('does jobs here, as many at a time as it may', async () => {
    let running = 0
    let most = 0
    const handler = async ({ value = 0 }: Task, { ownThread, progress }: JobContext<number>) => {
      most = Math.max(most, ++running)
      await new Promise((resolve) => setImmediate(resolve))
      progress(1)
      running--
      return Float32Array.of(value, Number(ownThread))
    }
    const pool = poolOf({ script: new URL('./nowhere.js', import.meta.url), size: 2, handler })
    expect(pool.hasThreads).toBe(false)
    const faulty = () => {
      throw new Error('of a listener')
    }
    const results = await Promise.all(
      [7, 8, 9].map((value) => pool.run({ act: 'double', value }, { onProgress: faulty })),
    )
    expect(results.map((result) => [...result])).toEqual([
      [7, 0],
      [8, 0],
      [9, 0],
    ])
    expect(most).toBe(2)
  })
})
