import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { FLOOR, REQUESTS } from './peers.mjs'

const script = (name) => fileURLToPath(new URL(name, import.meta.url))

/** CPU seconds (user and system, all threads) that a process has used; to the nanosecond, unlike utime and stime. */
function usedSeconds(pid) {
  let nanoseconds = 0
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    nanoseconds += Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0])
  }
  return nanoseconds / 1e9
}

/** One or more processes that are measured together. */
class Processes {
  #children

  constructor(children) {
    this.#children = children
  }

  /** CPU seconds so far. */
  get usedSeconds() {
    return this.#children.reduce((sum, { pid }) => sum + usedSeconds(pid), 0)
  }

  /** Resident memory of the first one, in MB. */
  get residentMb() {
    const [{ pid }] = this.#children
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024
  }

  /** Ends them all; gives what the first one says last. */
  async stop() {
    const [first] = this.#children
    let said = ''
    first.stdout?.on('data', (part) => (said += part))
    const gone = this.#children.map((child) => once(child, 'close'))
    if (first.stdin) first.stdin.end()
    else for (const child of this.#children) child.kill('SIGKILL')
    if (first.isOurs !== true) for (const child of this.#children) child.kill('SIGKILL')
    await Promise.all(gone)
    return said
  }
}

/** Starts a station. */
export async function startStation(options) {
  const child = spawn(process.execPath, [script('station.mjs'), JSON.stringify(options)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const port = Number(await firstLine(child))
  const url = `${options.tls ? 'https' : 'http'}://127.0.0.1:${port}/`
  return { url, port, stop: () => child.kill() }
}

/** Starts recorders of ours; flags of Node for them in ISR_BENCH_FLAGS, such as `--cpu-prof`. */
export async function startOurs(options) {
  const flags = (process.env.ISR_BENCH_FLAGS ?? '').split(' ').filter(Boolean)
  const child = spawn(process.execPath, [...flags, script('recorders.mjs'), JSON.stringify(options)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  child.isOurs = true
  await firstLine(child)
  return new Processes([child])
}

/** Starts curl, a process for each stream. */
export function startCurl({ url, count, folder, certificatePath }) {
  const trusted = certificatePath ? ['--cacert', certificatePath] : []
  const children = Array.from({ length: count }, (_, index) =>
    spawn('curl', ['-s', ...trusted, '-o', join(folder, `u${index}.mp3`), url], { stdio: 'ignore' }),
  )
  return Promise.resolve(new Processes(children))
}

/** Starts Python's requests, a thread for each stream. */
export async function startRequests({ url, count, folder, certificatePath }) {
  const args = ['-c', REQUESTS, url, count, folder, ...(certificatePath ? [certificatePath] : [])]
  const child = spawn('python3', args, { stdio: ['pipe', 'pipe', 'ignore'] })
  await firstLine(child)
  return new Processes([child])
}

/** Starts the floor; undefined when there is no gcc. */
export async function startFloor({ port, count, folder }) {
  const program = join(folder, 'floor')
  writeFileSync(`${program}.c`, FLOOR)
  try {
    execFileSync('gcc', ['-O2', '-o', program, `${program}.c`], { stdio: 'pipe' })
  } catch {
    return undefined
  }
  const child = spawn(program, [port, count, folder], { stdio: ['ignore', 'pipe', 'inherit'] })
  await firstLine(child)
  return new Processes([child])
}

async function firstLine(child) {
  const lines = createInterface({ input: child.stdout })
  for await (const line of lines) return line
  throw new Error(`${child.spawnfile} ended without a word`)
}
