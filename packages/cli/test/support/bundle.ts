import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'tsup'

/** Builds the program with all that it imports into a new folder, from the sources as they are. @returns the folder and the script in it */
export async function bundleCli(): Promise<{ folder: string; script: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'isr-cli-'))
  await build({
    config: false,
    silent: true,
    entry: { isr: fileURLToPath(new URL('../../src/isr.ts', import.meta.url)) },
    outDir: join(folder, 'dist'),
    outExtension: () => ({ js: '.mjs' }),
    format: ['esm'],
    target: 'node20',
    noExternal: [/.*/],
    // CommonJS packages ask for Node's own modules in their way.
    banner: {
      js: "import { createRequire as isrRequire } from 'node:module'; const require = isrRequire(import.meta.url);",
    },
    esbuildOptions: (options) => {
      options.conditions = ['@isr/source']
    },
  })
  return { folder, script: join(folder, 'dist', 'isr.mjs') }
}
