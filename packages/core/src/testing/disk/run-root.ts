import { execFile, execFileSync } from 'node:child_process'
import { promisify } from 'node:util'

const execute = promisify(execFile)

/** Runs a program; rejects with what it said when it fails. */
export async function run(command: string, ...args: readonly string[]): Promise<string> {
  const { stdout } = await execute(command, [...args])
  return stdout
}

/** Undoes something when the process ends without having done it: no mount is ever left behind. */
export class AtExit {
  readonly #commands: (readonly string[])[]
  readonly #undo = () => {
    for (const [command, ...args] of this.#commands) {
      try {
        execFileSync(command, args, { stdio: 'ignore' })
      } catch {
        // it was undone already
      }
    }
  }

  constructor(commands: readonly (readonly string[])[]) {
    this.#commands = [...commands]
    process.once('exit', this.#undo)
  }

  /** It was undone. */
  done(): void {
    process.removeListener('exit', this.#undo)
  }
}
