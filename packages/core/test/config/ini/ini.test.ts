import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { IniDocument } from '../../../src/config/ini/ini.js'
import { parseIni } from '../../../src/config/ini/ini.js'
import { askConfigparser } from './configparser-oracle.js'
import type { OracleAnswer } from './configparser-oracle.js'
import { nastyFiles } from './nasty-files.js'
import { describeWithTools } from '../../../../../tests/e2e/rig/require-tool.js'

/** Our document in the shape of the oracle: what is wrong first decides, as an exception does. */
function asOracle(document: IniDocument): OracleAnswer {
  const fatal = document.faults.find((fault) => fault.kind !== 'Parsing')
  if (fatal) return { error: { kind: `${fatal.kind}Error`, lines: [fatal.line] } }
  if (document.faults.length > 0)
    return { error: { kind: 'ParsingError', lines: document.faults.map((fault) => fault.line) } }
  const all = [...document.sections.values(), document.defaults]
  return {
    sections: Object.fromEntries(
      all.map((section) => [
        section.name,
        [...section.values].map(([key, value]): [string, string] => [key, value.text]),
      ]),
    ),
  }
}

function expectAsPython(file: string, answer: OracleAnswer): void {
  const document = parseIni(file)
  if (answer.error?.option === '') {
    // Python takes two lines without a key for a duplicate of the key ''; each of them is a parsing fault here.
    const parsing = document.faults.filter((fault) => fault.kind === 'Parsing').map((fault) => fault.line)
    expect(parsing, JSON.stringify(file)).toContain(answer.error.lines[0])
    return
  }
  const theirs = answer.error ? { error: { kind: answer.error.kind, lines: answer.error.lines } } : answer
  expect(asOracle(document), JSON.stringify(file)).toEqual(theirs)
}

describeWithTools(['python3'], 'parseIni against python3', () => {
  it('reads a corpus of nasty files as python3 does', () => {
    const files = Object.values(nastyFiles)
    const answers = askConfigparser(files)
    expect(answers.filter((answer) => answer.sections).length).toBeGreaterThan(20)
    expect(answers.filter((answer) => answer.error).length).toBeGreaterThan(8)
    files.forEach((file, index) => expectAsPython(file, answers[index]))
  })

  it('reads generated files as python3 does', () => {
    const files = fc.sample(iniFile, { numRuns: 4000, seed: 20261122 })
    const answers = askConfigparser(files)
    expect(answers.filter((answer) => answer.sections).length).toBeGreaterThan(400)
    expect(answers.filter((answer) => answer.error).length).toBeGreaterThan(400)
    files.forEach((file, index) => expectAsPython(file, answers[index]))
  })

  it('reads arbitrary Unicode as python3 does', () => {
    const line = fc.string({ unit: 'binary', maxLength: 30 })
    // What is lower case differs between versions of Unicode: keys keep to its older part.
    const key = fc.string({ unit: 'grapheme', maxLength: 12 })
    const files = fc.sample(
      fc.tuple(key, line, line, key).map(([a, b, c, d]) => wellFormed(`[s]\n${a}=${b}\n ${c}\n${d}:`)),
      { numRuns: 1500, seed: 7 },
    )
    const answers = askConfigparser(files)
    expect(answers.filter((answer) => answer.sections).length).toBeGreaterThan(100)
    files.forEach((file, index) => expectAsPython(file, answers[index]))
  })
})

describe('parseIni', () => {
  it('says where each key, section and continuation stands', () => {
    const document = parseIni('# top\n\n[a.b c]\r\nKey = 1\r\n  more\r\n\r\nother: 2\n')
    const section = document.sections.get('a.b c')
    expect(section?.line).toBe(3)
    expect(section?.values.get('key')).toEqual({ text: '1\nmore', line: 4, continuedAt: 5 })
    expect(section?.values.get('other')).toEqual({ text: '2', line: 7 })
  })

  it('finds every fault of a file, not only the first', () => {
    const file = 'early = 1\nearlier\n[a]\nk = 1\nK: 2\nno delimiter\n[b]\n= nothing\n[a]\nk = 3\n'
    expect(parseIni(file).faults).toEqual([
      { kind: 'MissingSectionHeader', line: 1 },
      { kind: 'DuplicateOption', line: 5, section: 'a', key: 'k', firstLine: 4 },
      { kind: 'Parsing', line: 6, section: 'a' },
      { kind: 'Parsing', line: 8, section: 'b' },
      { kind: 'DuplicateSection', line: 9, section: 'a', firstLine: 3 },
    ])
    expect(parseIni(file).sections.get('a')?.values.get('k')?.text).toBe('1')
  })

  it('takes keys and sections named like parts of every object', () => {
    const document = parseIni('[__proto__]\n__proto__ = 1\nconstructor = 2\n[toString]\nx = 3')
    expect(document.sections.get('__proto__')?.values.get('__proto__')?.text).toBe('1')
    expect(document.sections.get('toString')?.values.get('x')?.text).toBe('3')
  })

  it('is linear in hostile input', () => {
    const spaces = ' '.repeat(200_000)
    const document = parseIni(`[s]\nk = a${spaces}b\n${spaces}\n[${']'.repeat(100_000)}\n`)
    expect(document.sections.size).toBe(2)
  })
})

const piece = fc.constantFrom(
  ...[
    'a',
    'B',
    'key',
    'url',
    ' ',
    '  ',
    '\t',
    '=',
    ':',
    '#',
    ';',
    '%',
    '[',
    ']',
    '.',
    '"',
    "'",
    '\\',
    '\u00a0',
    '\u0085',
  ],
)
const text = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(''))
const indent = fc.constantFrom('', '', '', ' ', '  ', '    ', '\t', '\u00a0')
const name = fc.constantFrom('general', 'a', 'a.b', 'My Station', 'x = y', 'DEFAULT', 'a]b')
const key = fc.constantFrom('url', 'URL', 'type', 'Split_Minutes', 'key with spaces', 'b', 'c', 'd', 'e')
const line = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.tuple(indent, key, fc.constantFrom('=', ' = ', ':', ' : '), text).map((all) => all.join('')),
  },
  { weight: 2, arbitrary: fc.tuple(indent, name).map(([space, section]) => `${space}[${section}]`) },
  { weight: 1, arbitrary: fc.tuple(indent, fc.constantFrom('#', ';'), text).map((all) => all.join('')) },
  { weight: 1, arbitrary: fc.tuple(fc.constantFrom(' ', '    ', '\t'), text).map((all) => all.join('')) },
  { weight: 1, arbitrary: fc.constantFrom('', ' ', '\t') },
  { weight: 1, arbitrary: fc.tuple(indent, text).map((all) => all.join('')) },
)
const ending = fc.constantFrom('\n', '\n', '\r\n', '\r')
const iniFile = fc
  .tuple(
    fc.constantFrom('', '', '\uFEFF'),
    fc.constantFrom('[general]\n', '[general]\n', ''),
    fc.array(fc.tuple(line, ending), { maxLength: 9 }),
  )
  .map(([mark, head, lines]) => mark + head + lines.map((pair) => pair.join('')).join(''))

/** Lone surrogates cannot stand in a UTF-8 file. */
function wellFormed(value: string): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(new TextEncoder().encode(value))
}
