import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { describeWithTools } from '../../../../../tests/e2e/rig/require-tool.js'
import { splitCommand } from '../../../src/config/values/command-words.js'

const SHLEX = `
import json, shlex, sys
def split(text):
    try:
        return shlex.split(text)
    except ValueError as error:
        return str(error)
json.dump([split(text) for text in json.load(sys.stdin)], sys.stdout)
`

describe('splitCommand', () => {
  it.each([
    ['ffmpeg -i x -f mp3 -', ['ffmpeg', '-i', 'x', '-f', 'mp3', '-']],
    ['  a\n  b\tc ', ['a', 'b', 'c']],
    [`sh -c 'a | b > "c"'`, ['sh', '-c', 'a | b > "c"']],
    ['a "b c" d\\ e \'\' ""', ['a', 'b c', 'd e', '', '']],
    ['a "x\\"y\\\\z\\n"', ['a', 'x"y\\z\\n']],
    ['a \\\n  b', ['a', 'b']],
    ['a "|" \\> "2>&1" x|y', ['a', '|', '>', '2>&1', 'x|y']],
    ['echo $HOME *.mp3', ['echo', '$HOME', '*.mp3']],
  ])('splits %j', (text, words) => {
    expect(splitCommand(text)).toEqual({ words })
  })

  it.each(['|', '||', '&&', '&', ';', '>', '>>', '<', '2>', '2>&1'])('refuses a bare %s', (operator) => {
    expect(splitCommand(`a ${operator} b`)).toEqual({ fault: expect.stringContaining('no shell runs it') })
  })

  it('refuses an open quote and an empty line', () => {
    expect(splitCommand('a "b')).toEqual({ fault: 'the quote " is never closed' })
    expect(splitCommand("a 'b")).toEqual({ fault: "the quote ' is never closed" })
    expect(splitCommand(' \n ')).toEqual({ fault: 'it is empty' })
  })
})

describeWithTools(['python3'], 'splitCommand against python3', () => {
  it('splits as shlex does', () => {
    const text = fc
      .array(fc.constantFrom('a', 'b', ' ', ' ', '"', "'", '\\', '-'), { maxLength: 16, size: 'max' })
      .map((all) => all.join(''))
    const texts = fc.sample(text, { numRuns: 3000, seed: 4 })
    const input = JSON.stringify(texts)
    const answers = JSON.parse(execFileSync('python3', ['-c', SHLEX], { input, encoding: 'utf8' })) as (
      string[] | string
    )[]
    expect(answers.filter((answer) => Array.isArray(answer) && answer.length > 1).length).toBeGreaterThan(300)
    texts.forEach((command, index) => {
      const answer = answers[index]
      const ours = splitCommand(command)
      if (answer === 'No closing quotation')
        expect(ours, command).toEqual({ fault: expect.stringContaining('never closed') })
      else if (Array.isArray(answer)) expect('words' in ours ? ours.words : [], command).toEqual(answer)
    })
  })
})
