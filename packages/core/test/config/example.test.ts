import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { KEYS } from '../../src/config/keys.js'
import { configOrThrow, parseConfig } from '../../src/config/load.js'

const text = readFileSync(new URL('../../../../config.example.ini', import.meta.url), 'utf8')

describe('config.example.ini', () => {
  it('records as it is, and never gives up', () => {
    expect(parseConfig(text).problems).toEqual([])
    expect(configOrThrow(parseConfig(text)).sources).toMatchObject([{ name: 'demo', type: 'signal', maxRetries: 0 }])
  })

  it('is right in everything that is commented out, and shows every key that works', () => {
    const uncommented = text.replaceAll(/^#(?=\[|[a-z_]+ = )/gm, '')
    const result = parseConfig(uncommented)
    expect(result.problems.map(({ message }) => message)).toEqual([expect.stringContaining('share a folder')])
    expect(result.config?.sources.map(({ type }) => type)).toEqual(['signal', 'stream', 'soundcard', 'command', 'file'])
    const shown = new Set([...uncommented.matchAll(/^([a-z_]+) = /gm)].map((match) => match[1]))
    expect([...shown].sort()).toEqual(Object.keys(KEYS).sort())
  })
})
