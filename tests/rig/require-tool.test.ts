import { join } from 'node:path'
import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { missingTools } from '../e2e/rig/require-tool.js'
import { runTool } from '../e2e/rig/run-tool.js'
import { tempDir } from '../e2e/rig/temp-dir.js'

const root = fileURLToPath(new URL('../..', import.meta.url))

describe('the rig: a missing tool', () => {
  it('is found and given its Debian package', () => {
    expect(missingTools(['node'])).toEqual([])
    expect(() => missingTools(['no-such-tool'])).toThrow('names no package for no-such-tool')
  })

  it('is skipped by name with its command, and fails in CI', async () => {
    const folder = tempDir()
    const rig = join(root, 'tests/e2e/rig/require-tool.js')
    const body = `import { it } from 'vitest'\nimport { describeWithTools } from ${JSON.stringify(rig)}\n`
    await writeFile(
      join(folder, 'a.test.ts'),
      `${body}describeWithTools(['opusenc'], 'opus', () => void it('works', () => {}))\n`,
    )
    const vitest = join(root, 'node_modules/vitest/vitest.mjs')
    // no PATH with tools in it: /usr/sbin and /sbin alone
    const run = (ci: string) =>
      runTool('env', [
        '-i',
        'PATH=',
        `CI=${ci}`,
        'NO_COLOR=1',
        process.execPath,
        vitest,
        'run',
        '--root',
        folder,
        '--reporter=verbose',
      ])
    const here = await run('')
    expect(here.exitCode, here.output).toBe(0)
    expect(here.output).toContain('opus > needs opusenc: apt-get install -y opus-tools')
    expect(here.output).toContain('1 skipped')
    const inCi = await run('true')
    expect(inCi.exitCode).toBe(1)
    expect(inCi.output).toContain('missing: opusenc. Install with: apt-get install -y opus-tools')
  })
})
