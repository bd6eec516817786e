import { IsrError } from '@isr/core'
import { describe, expect, it } from 'vitest'
import { printError, printProblems, unexpectedMessage } from '../../src/output/errors.js'
import { FakeOutput } from '../support/fake-io.js'

describe('printError', () => {
  it('is one line', () => {
    const output = new FakeOutput()
    printError(output, 'no such\nflag\u001b[2J')
    expect(output.text).toBe('isr: no such flag [2J\n')
  })
})

describe('printProblems', () => {
  it('is a line for each, in the colour of its weight', () => {
    const output = new FakeOutput({ hasColors: true })
    printProblems(output, [
      { file: 'c.ini', line: 2, key: 'url', message: 'bad', severity: 'error' },
      { file: 'c.ini', line: 3, key: 'x', message: 'odd', severity: 'warning' },
    ])
    expect(output.text).toBe('\u001b[31mc.ini:2: url: bad\u001b[39m\n\u001b[33mc.ini:3: warning: x: odd\u001b[39m\n')
  })
})

describe('unexpectedMessage', () => {
  it('tells what the library says, and where a fault of ours is', () => {
    expect(unexpectedMessage(new IsrError('ISR_ARGUMENT_INVALID', 'channels is 9'))).toBe(
      'channels is 9 (ISR_ARGUMENT_INVALID)',
    )
    expect(unexpectedMessage(new TypeError('oops'))).toMatch(/^a fault in isr itself: TypeError: oops\s+at /)
    expect(unexpectedMessage('text')).toBe('a fault in isr itself: text')
  })
})
