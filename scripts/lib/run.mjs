import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { root } from './workspace.mjs'

/**
 * Runs a program to its end and keeps what it said. Never throws: a program that cannot start has code 127.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, show?: boolean, timeoutMs?: number }} [options] show: let it write to the terminal
 * @returns {Promise<{ code: number, output: string, seconds: number }>}
 */
export function run(command, args, { cwd = root, env = process.env, show = false, timeoutMs = 0 } = {}) {
  const started = performance.now()
  return new Promise((resolve) => {
    const stdio = show ? 'inherit' : ['ignore', 'pipe', 'pipe']
    const child = spawn(command, args, { cwd, env, stdio, timeout: timeoutMs, killSignal: 'SIGKILL' })
    const parts = []
    child.stdout?.on('data', (part) => parts.push(part))
    child.stderr?.on('data', (part) => parts.push(part))
    const end = (code, note = '') => {
      const output = (Buffer.concat(parts).toString() + note).trim()
      resolve({ code, output, seconds: (performance.now() - started) / 1000 })
    }
    child.on('error', (error) => end(127, `\n${error.message}`))
    child.on('close', (code, signal) => end(code ?? 1, signal ? `\n${command} was ended by ${signal}` : ''))
  })
}

/** As {@link run}, but a failure ends the whole script with what the program said. */
export async function must(command, args, options) {
  const result = await run(command, args, options)
  if (result.code === 0) return result
  if (result.output) console.error(result.output)
  console.error(`failed (exit ${result.code}): ${[command, ...args].join(' ')}`)
  process.exit(1)
}

/** Path of a tool that npm installed, to be run by Node itself: no npx, no shell. */
export function bin(name) {
  return join(root, 'node_modules/.bin', name)
}
