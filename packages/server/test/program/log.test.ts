import { expect, it } from 'vitest'
import { faultLog } from '../../src/program/log.js'

it('tells people of faults in a line each, and of nothing else', () => {
  const told: string[] = []
  const log = faultLog((text) => void told.push(text))
  log.debug('looked')
  log.info({ path: '/api/files' }, 'asked')
  log.error({ err: new Error('the disk is gone'), path: '/api/days' }, 'request failed')
  log.warn({ headers: { authorization: 'Bearer hunter22' }, token: 'hunter22' }, 'odd')
  expect(told).toEqual(['server: request failed: /api/days: the disk is gone', 'server: odd'])
})
