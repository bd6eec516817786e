import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseConfig, RECORDER_EVENTS } from '@isr/core'
import { describe, expect, it } from 'vitest'
import { KEYS } from '../../packages/core/src/config/keys.js'
import { build, root } from '../e2e/support/isr.js'

const documents = [
  ...['README.md', 'ARCHITECTURE.md', 'CHANGELOG.md', 'packages/core/README.md', 'packages/cli/README.md'],
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.md') && !path.startsWith('reference'))
    .map((path) => `docs/${path}`),
]
const read = (path: string) => readFileSync(join(root, path), 'utf8')
const blocks = (path: string, language: string) =>
  [...read(path).matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\`$`, 'gms'))].map(([, text]) => text)

describe('the documents', () => {
  it('link only to what is there', () => {
    const broken = documents.flatMap((path) =>
      [...read(path).matchAll(/\]\(([^)#\s]+)(#[^)]*)?\)/g)]
        .map(([, target]) => target)
        .filter((target) => !/^[a-z]+:/.test(target) && !existsSync(join(root, dirname(path), target)))
        .map((target) => `${path}: ${target}`),
    )
    expect(documents.length).toBeGreaterThan(15)
    expect(broken).toEqual([])
  })

  it('show configurations that are right', () => {
    const shown = documents.flatMap((path) => blocks(path, 'ini').map((text) => ({ path, text })))
    const configurations = shown.filter(({ text }) => !text.includes('[Service]'))
    expect(configurations.length).toBeGreaterThanOrEqual(2)
    for (const { path, text } of configurations) expect(parseConfig(text).problems, path).toEqual([])
  })

  it('tell every key, and no other', () => {
    const cells = [...read('docs/guide/configuration.md').matchAll(/^\| (`.*?) \| /gm)].map(([, cell]) => cell)
    const told = cells.flatMap((cell) => [...cell.matchAll(/`(\w+)`/g)].map(([, key]) => key))
    const later = /^Read and without effect yet.*$/m.exec(read('docs/guide/configuration.md'))?.[0] ?? ''
    const without = [...later.matchAll(/`(\w+)`/g)].map(([, key]) => key)
    expect([...told, ...without].sort()).toEqual(Object.keys(KEYS).sort())
  })

  it('tell every event', () => {
    const embedding = read('docs/guide/embedding.md')
    expect(RECORDER_EVENTS.filter((event) => !embedding.includes(`\`${event}\``))).toEqual([])
  })

  it('use only commands and options that isr has', () => {
    build()
    const isr = (...args: string[]) =>
      execFileSync(process.execPath, [join(root, 'packages/cli/bin/isr.js'), ...args], { encoding: 'utf8' })
    const calls = documents.flatMap((path) =>
      blocks(path, 'sh').flatMap((text) => [...text.matchAll(/^(?:npx )?isr ([a-z-]+)(.*?)(#.*)?$/gm)]),
    )
    const commands = new Map<string, Set<string>>()
    for (const [, command] of calls)
      if (!commands.has(command)) commands.set(command, optionsIn(isr(command, '--help')))
    const wrong = calls.flatMap(([call, command, rest]) =>
      (rest.match(OPTION) ?? [])
        .filter((option) => !commands.get(command)?.has(option))
        .map((option) => `${call}: ${option}`),
    )
    expect(commands.size).toBeGreaterThan(4)
    expect(wrong).toEqual([])
  })

  it('name only tests that there are', () => {
    const named = documents.flatMap((path) =>
      [...read(path).matchAll(/(?<![\w/])((core|tests\/[a-z0-9]+)\/[\w/.-]+\.(test|contract)\.ts)\b/g)].map(
        ([, test]) => test,
      ),
    )
    const missing = named.filter((test) => !existsSync(join(root, test.replace(/^core\//, 'packages/core/test/'))))
    expect(named.length).toBeGreaterThan(15)
    expect(missing).toEqual([])
  })
})

const OPTION = /(?<=\s)--?[a-z-]+/g
const optionsIn = (help: string) => new Set(help.match(OPTION))

describe('the commands', () => {
  it('are there before anything is built: npm links no others', () => {
    for (const name of readdirSync(join(root, 'packages'))) {
      const manifest = JSON.parse(read(`packages/${name}/package.json`)) as {
        bin?: Record<string, string>
        files: string[]
      }
      for (const path of Object.values(manifest.bin ?? {})) {
        expect(existsSync(join(root, 'packages', name, path)), path).toBe(true)
        expect(path).not.toMatch(/^(\.\/)?dist\//)
        expect(manifest.files).toContain(path.split('/').find((part) => part !== '.'))
      }
    }
  })
})
