import { spawn } from 'node:child_process'

/** What a program said and how it ended. */
export interface ToolResult {
  /** Exit code; -1 when it did not start, was killed or ran out of time. */
  readonly exitCode: number
  readonly stdout: Buffer
  /** Everything it said, both streams in the order of arrival. */
  readonly output: string
}

/** Runs a program to its end, without standard input, killed after `timeoutMs`. Never rejects. */
export function runTool(command: string, args: readonly string[], timeoutMs = 60_000): Promise<ToolResult> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
      env: { ...process.env, LC_ALL: 'C.UTF-8' },
    })
    const stdout: Buffer[] = []
    const both: Buffer[] = []
    child.stdout.on('data', (part: Buffer) => {
      stdout.push(part)
      both.push(part)
    })
    child.stderr.on('data', (part: Buffer) => both.push(part))
    const end = (exitCode: number, note: string) =>
      resolve({ exitCode, stdout: Buffer.concat(stdout), output: Buffer.concat(both).toString('utf8') + note })
    child.on('error', (error) => end(-1, `\n${error.message}`))
    child.on('close', (code, signal) => end(code ?? -1, signal ? `\n${command} ended by ${signal}` : ''))
  })
}
