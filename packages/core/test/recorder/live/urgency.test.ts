import { expect, it } from 'vitest'
import { Urgency } from '../../../src/recorder/live/urgency.js'

function rig() {
  const told: [string, boolean][] = []
  const connection = (name: string) => ({ urgent: (urgent: boolean) => void told.push([name, urgent]) })
  return { told, connection, urgency: new Urgency() }
}

it('tells a connection as long as anybody waits, and the next one from its beginning', () => {
  const { told, connection, urgency } = rig()
  urgency.set('levels', true)
  urgency.follow(connection('first'))
  urgency.set('listeners', true)
  urgency.set('levels', false)
  expect(told).toEqual([['first', true]])
  urgency.follow(connection('second'))
  urgency.set('listeners', false)
  urgency.set('listeners', false)
  urgency.follow(connection('third'))
  expect(told.slice(1)).toEqual([
    ['second', true],
    ['second', false],
  ])
})

it('is not harmed by a connection that cannot hurry', () => {
  const { urgency } = rig()
  urgency.follow({})
  urgency.set('levels', true)
  const broken = () => {
    throw new Error('broken')
  }
  expect(() => urgency.follow({ urgent: broken })).not.toThrow()
})
