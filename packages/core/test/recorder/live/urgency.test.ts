import { expect, it } from 'vitest'
import { restMs, Urgency } from '../../../src/recorder/live/urgency.js'

const REST_MS = 4000

function rig() {
  const told: [string, number][] = []
  const connection = (name: string) => ({ mayWait: (mostMs: number) => void told.push([name, mostMs]) })
  return { told, connection, urgency: new Urgency(REST_MS) }
}

it('tells a connection as long as anybody waits, and each one from its beginning', () => {
  const { told, connection, urgency } = rig()
  urgency.set('levels', true)
  urgency.follow(connection('first'))
  urgency.set('listeners', true)
  urgency.set('levels', false)
  expect(told).toEqual([['first', 0]])
  urgency.follow(connection('second'))
  urgency.set('listeners', false)
  urgency.set('listeners', false)
  urgency.follow(connection('third'))
  expect(told.slice(1)).toEqual([
    ['second', 0],
    ['second', REST_MS],
    ['third', REST_MS],
  ])
})

it('has what was collected come at the end, where something is collected at all', async () => {
  const { told, connection, urgency } = rig()
  expect(urgency.gather()).toBeUndefined()
  urgency.follow({})
  expect(urgency.gather()).toBeUndefined()
  urgency.follow(connection('first'))
  await urgency.gather()
  expect(told.at(-1)).toEqual(['first', 0])
})

it('is not harmed by a connection that cannot hurry', () => {
  const { urgency } = rig()
  urgency.follow({})
  urgency.set('levels', true)
  const broken = () => {
    throw new Error('broken')
  }
  expect(() => urgency.follow({ mayWait: broken })).not.toThrow()
})

it('lets a connection collect longer only where files are left to the system, and never until it seems to have stalled', () => {
  expect(restMs(0, 20_000)).toBe(REST_MS)
  expect(restMs(1, 20_000)).toBe(1000)
  expect(restMs(undefined, 20_000)).toBe(1000)
  expect(restMs(0, 5000)).toBe(1000)
})
