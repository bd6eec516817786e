import { spawn } from 'node:child_process'
import { Agent, request } from 'node:http'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const program = fileURLToPath(new URL('served.mjs', import.meta.url))

/** CPU seconds of each server for the same work, in turns: medians of many rounds, after some in which code is compiled. */
export async function compareServed(servers, work, { rounds = 9, warmUps = 4 } = {}) {
  const seconds = servers.map(() => [])
  for (let round = -warmUps; round < rounds; round++)
    for (const [index, served] of servers.entries()) {
      const spent = await served.cpuSeconds(() => work(served), { runs: 1, warmUps: 0 })
      if (round >= 0) seconds[index].push(spent)
    }
  return seconds.map(median)
}

/** Starts `ours` or `express` over a folder, in a process of its own whose CPU alone is counted. */
export async function startServed(kind, directory) {
  const child = spawn(process.execPath, [program, kind, directory], { stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const next = async () => JSON.parse((await lines.next()).value)
  const { port, startSeconds } = await next()
  const agent = new Agent({ keepAlive: true, maxSockets: 4 })
  const cpu = async () => {
    child.stdin.write('cpu\n')
    return (await next()).cpuSeconds
  }
  return {
    startSeconds,
    /** Asks; tells status, bytes that came, and headers. */
    ask: (path, headers = {}, its = agent) =>
      new Promise((resolve, reject) => {
        request({ agent: its, host: '127.0.0.1', port, path, headers }, (response) => {
          let bytes = 0
          response.on('data', (part) => (bytes += part.length))
          response.on('error', reject)
          response.on('end', () => resolve({ status: response.statusCode, bytes, headers: response.headers }))
        })
          .on('error', reject)
          .end()
      }),
    /** CPU seconds of the server while `work` runs: the median of several runs after a warm-up. */
    cpuSeconds: async (work, { runs = 5, warmUps = 1 } = {}) => {
      const seconds = []
      for (let run = -warmUps; run < runs; run++) {
        const before = await cpu()
        await work()
        if (run >= 0) seconds.push((await cpu()) - before)
      }
      return median(seconds)
    },
    stop: () => {
      agent.destroy()
      child.stdin.end('end\n')
      return new Promise((resolve) => child.once('exit', resolve))
    },
  }
}

function median(numbers) {
  return numbers.sort((a, b) => a - b)[numbers.length >> 1]
}
