import { describe, expect, it } from 'vitest'
import { describeIniFault } from '../../../src/config/ini/faults.js'
import { parseIni } from '../../../src/config/ini/ini.js'

describe('describeIniFault', () => {
  it('gives the place and a way out, and never the words of the line', () => {
    const file = 'hunter2\n[a]\npassword = hunter2\nPASSWORD = hunter2\nhunter2\n[a]\n'
    expect(parseIni(file).faults.map(describeIniFault)).toEqual([
      [{ line: 1 }, expect.stringContaining('before the first section')],
      [{ line: 4, section: 'a', key: 'password' }, expect.stringContaining('already, on line 3')],
      [{ line: 5, section: 'a' }, expect.stringContaining('no key = value')],
      [{ line: 6, section: 'a' }, expect.stringContaining('already, on line 2')],
    ])
    expect(JSON.stringify(parseIni(file).faults.map(describeIniFault))).not.toContain('hunter2')
  })
})
