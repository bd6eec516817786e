import { describe, expect, it } from 'vitest'
import { readServeFlags } from '../../src/program/flags.js'

describe('readServeFlags', () => {
  it('has the defaults of the contract', () => {
    expect(readServeFlags({}, {})).toEqual({ directory: 'recordings', allowedHosts: [] })
  })

  it('reads what is typed', () => {
    const typed = { dir: 'a', port: '0', host: '0.0.0.0', insecure: true, 'allow-host': 'shed.lan, x', threshold: '.1' }
    expect(readServeFlags({ ...typed, 'min-gap': '3', 'analyses-dir': 'b' }, { ISR_TOKEN: 'long enough' })).toEqual({
      directory: 'a',
      port: 0,
      host: '0.0.0.0',
      insecure: true,
      allowedHosts: ['shed.lan', 'x'],
      threshold: 0.1,
      minGapSeconds: 3,
      analysesDirectory: 'b',
      token: 'long enough',
    })
  })

  it('says which flag is wrong', () => {
    const wrong = { port: 'x', threshold: '2', 'min-gap': '', token: 'short' }
    for (const [name, value] of Object.entries(wrong))
      expect(() => readServeFlags({ [name]: value }, {})).toThrow(new RegExp(`^--${name}: `))
    expect(() => readServeFlags({ port: '1.5' }, {})).toThrow(/^--port: /)
    expect(() => readServeFlags({ port: '70000' }, {})).toThrow(/^--port: /)
  })
})
