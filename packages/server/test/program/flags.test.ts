import { describe, expect, it } from 'vitest'
import { readServeFlags } from '../../src/program/flags.js'

describe('readServeFlags', () => {
  it('has the defaults of the contract', () => {
    expect(readServeFlags({}, {})).toEqual({ directory: 'recordings', allowedHosts: [] })
  })

  it('reads what is typed', () => {
    const typed = { dir: 'a', port: '0', host: '0.0.0.0', insecure: true, 'allow-host': 'shed.lan, x', threshold: '.1' }
    expect(readServeFlags({ ...typed, 'min-gap': '3', 'analyses-dir': 'b' }, { ISR_TOKEN: 'long-enough' })).toEqual({
      directory: 'a',
      port: 0,
      host: '0.0.0.0',
      insecure: true,
      allowedHosts: ['shed.lan', 'x'],
      threshold: 0.1,
      minGapSeconds: 3,
      analysesDirectory: 'b',
      token: 'long-enough',
    })
  })

  it('takes a path with or without the slash at its end', () => {
    for (const [typed, basePath] of [
      ['/recordings', '/recordings'],
      ['/my/re-cordings.2/', '/my/re-cordings.2'],
    ])
      expect(readServeFlags({ 'base-path': typed }, {})).toMatchObject({ basePath })
    for (const typed of ['', '/', '//'])
      expect(readServeFlags({ 'base-path': typed }, {})).not.toHaveProperty('basePath')
    for (const typed of ['recordings', '//evil.example', '/a/../b', '/a b', '/:x', '/*x', '/a?b'])
      expect(() => readServeFlags({ 'base-path': typed }, {}), typed).toThrow(/^--base-path: /)
  })

  it('refuses a token that no header can hold', () => {
    for (const token of ['long enough but spaced', 'tabbed\ttoken', 'umläut-token', 'with\u0000nothing', ' leading1'])
      for (const [values, env] of [[{ token }, {}] as const, [{}, { ISR_TOKEN: token }] as const])
        expect(() => readServeFlags(values, env), token).toThrow(/^--token: .*spaces/)
    expect(readServeFlags({ token: 'Long-enough_1!~' }, {})).toMatchObject({ token: 'Long-enough_1!~' })
  })

  it('says which flag is wrong', () => {
    const wrong = { port: 'x', threshold: '2', 'min-gap': '', token: 'short' }
    for (const [name, value] of Object.entries(wrong))
      expect(() => readServeFlags({ [name]: value }, {})).toThrow(new RegExp(`^--${name}: `))
    expect(() => readServeFlags({ port: '1.5' }, {})).toThrow(/^--port: /)
    expect(() => readServeFlags({ port: '70000' }, {})).toThrow(/^--port: /)
  })
})
