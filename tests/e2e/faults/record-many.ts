import { fileURLToPath } from 'node:url'
import { startBackground, type Background } from '../rig/background.js'

export { build } from '../support/isr.js'

/** What is not built yet may take long on a machine that is busy. */
export const BUILD_MS = 300_000

const script = fileURLToPath(new URL('many-recorders.mjs', import.meta.url))

/** A source of {@link startRecorders}. */
export interface ManySource {
  readonly name: string
  readonly url: string
  readonly directory: string
  /** Length of a file. Default an hour. */
  readonly splitSeconds?: number
  /** Whether it prints `audio NAME MS` at the first audio of each connection. Default false. */
  readonly tellsAudio?: boolean
  /** Default auto. */
  readonly groupCommit?: 'auto' | 'always' | 'never'
}

/** Records with the library as it is built, in a process of its own, until SIGTERM: only there each volume has its thread. */
export function startRecorders(
  sources: readonly ManySource[],
  as: { readonly uid?: number; readonly gid?: number } = {},
): Promise<Background> {
  return startBackground(process.execPath, [script, JSON.stringify(sources)], as)
}
