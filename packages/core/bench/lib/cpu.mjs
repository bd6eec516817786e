import { spawn } from 'node:child_process'

/**
 * CPU seconds (user + system, all threads) of this process while `work` runs: the median of several runs after a warm-up.
 * @param {() => unknown} work
 * @param {{ runs?: number, warmUps?: number }} [options]
 */
export async function cpuSeconds(work, { runs = 3, warmUps = 1 } = {}) {
  const seconds = []
  for (let run = -warmUps; run < runs; run++) {
    const before = process.cpuUsage()
    await work()
    const { user, system } = process.cpuUsage(before)
    if (run >= 0) seconds.push((user + system) / 1e6)
  }
  return median(seconds)
}

/**
 * CPU seconds (user + system) of a program and all that it waited for: the median of several runs.
 * bash's own `time` counts them; Node tells nothing of its children.
 */
export async function commandCpuSeconds(command, args, { runs = 3 } = {}) {
  const seconds = []
  for (let run = 0; run < runs; run++) seconds.push(await timeOnce(command, args))
  return median(seconds)
}

function timeOnce(command, args) {
  const script = 'TIMEFORMAT="cpu %3U %3S"; time "$@" </dev/null >/dev/null 2>&1'
  return new Promise((resolve, reject) => {
    const child = spawn('bash', ['-c', script, 'bash', command, ...args], { stdio: ['ignore', 'ignore', 'pipe'] })
    let said = ''
    child.stderr.on('data', (part) => (said += part))
    child.on('error', reject)
    child.on('close', (code) => {
      const [, user, system] = /cpu ([\d.]+) ([\d.]+)/.exec(said) ?? []
      if (code === 0 && user) resolve(Number(user) + Number(system))
      else reject(new Error(`${command} ${args.join(' ')}: exit ${code}: ${said}`))
    })
  })
}

function median(values) {
  return values.sort((a, b) => a - b)[values.length >> 1]
}
