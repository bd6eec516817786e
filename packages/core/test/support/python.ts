import { execFileSync } from 'node:child_process'

/** Runs a Python program once: `input` is its standard input as JSON, the answer what it prints as JSON. */
export function python<Answer>(program: string, input: unknown, env: Record<string, string> = {}): Answer {
  const output = execFileSync('python3', ['-c', program], {
    input: JSON.stringify(input),
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    env: { ...process.env, LC_ALL: 'C.UTF-8', ...env },
  })
  return JSON.parse(output) as Answer
}
