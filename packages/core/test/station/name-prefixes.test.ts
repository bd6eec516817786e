import { describe, expect, it } from 'vitest'
import { configOrThrow, parseConfig } from '../../src/config/load.js'
import { recordingName } from '../../src/recorder/run/naming.js'
import { namePrefixes } from '../../src/station/name-prefixes.js'
import { checkName, suffixedName } from '../../src/storages/safe-name.js'

const prefixesOf = (text: string) => Object.fromEntries(namePrefixes(configOrThrow(parseConfig(text)).sources))

describe('namePrefixes', () => {
  it('sets apart what would share names, and nothing else', () => {
    const text = `[general]
type = signal
[a/b]
[c]
[alone]
output_directory = elsewhere
[other]
filename_pattern = other_%H
`
    expect(prefixesOf(text)).toEqual({ 'a/b': 'a_b', c: 'c' })
    expect(prefixesOf('[one]\ntype = signal\n')).toEqual({})
  })

  it('gives names that storages accept, however long source and pattern are', () => {
    const [long, pattern] = ['📻'.repeat(200), `${'n'.repeat(95)}%H_%A`]
    const text = `[general]\ntype = signal\nfilename_pattern = ${pattern}\n[${long}]\n[b]\n`
    const prefix = prefixesOf(text)[long]
    const name = recordingName({ pattern, timeZone: 'UTC', prefix }, Date.UTC(2026, 0, 7), 'flac')
    expect(Buffer.byteLength(prefix)).toBe(100)
    expect(checkName(suffixedName(name, 99_999))).toContain('Wednesday_99999.flac')
  })
})
