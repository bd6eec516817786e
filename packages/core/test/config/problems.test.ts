import { describe, expect, it } from 'vitest'
import { configError, formatProblem, ProblemLog } from '../../src/config/problems.js'

describe('formatProblem', () => {
  const base = { file: 'config.ini', severity: 'error', message: 'wrong' } as const

  it('names file, line and key', () => {
    expect(formatProblem({ ...base, line: 12, section: 'a', key: 'split_minutes' })).toBe(
      'config.ini:12: split_minutes: wrong',
    )
    expect(formatProblem({ ...base, line: 3, section: 'a b' })).toBe('config.ini:3: [a b]: wrong')
    expect(formatProblem(base)).toBe('config.ini: wrong')
  })

  it('names the flag or variable instead', () => {
    expect(formatProblem({ ...base, origin: '--split-minutes', key: 'split_minutes' })).toBe('--split-minutes: wrong')
    expect(formatProblem({ ...base, origin: 'ISR_URL', severity: 'warning' })).toBe('ISR_URL: warning: wrong')
  })

  it('says what is only a warning', () => {
    expect(formatProblem({ ...base, line: 1, key: 'x', severity: 'warning' })).toBe('config.ini:1: warning: x: wrong')
  })

  it('lets no name move the cursor', () => {
    expect(formatProblem({ ...base, line: 1, section: 'a\u001b[2J\nb' })).toBe('config.ini:1: [a?[2J?b]: wrong')
  })
})

describe('ProblemLog', () => {
  it('gives flags first, then lines, then the whole file, and each thing once', () => {
    const log = new ProblemLog('c.ini')
    log.warn({}, 'whole')
    log.warn({ line: 9 }, 'nine')
    expect(log.hasErrors).toBe(false)
    log.error({ line: 2 }, 'two')
    log.error({ line: 2 }, 'two')
    log.warn({ origin: '--x' }, 'flag')
    expect(log.hasErrors).toBe(true)
    expect(log.list().map(({ message }) => message)).toEqual(['flag', 'two', 'nine', 'whole'])
  })
})

describe('configError', () => {
  it('lists the errors only', () => {
    const log = new ProblemLog('c.ini')
    log.warn({ line: 1 }, 'doubtful')
    log.error({ line: 2, key: 'url' }, 'wrong')
    log.error({ line: 3, key: 'type' }, 'missing')
    expect(configError(log.list())).toMatchObject({
      code: 'ISR_CONFIG_INVALID',
      message: 'c.ini:2: url: wrong\nc.ini:3: type: missing',
    })
  })
})
