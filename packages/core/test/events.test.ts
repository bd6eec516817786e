import { describe, expect, expectTypeOf, it } from 'vitest'
import { Announcer, GuardedEmitter, type Listenable } from '../src/events.js'

interface Events {
  tick: (event: { readonly count: number }) => unknown
  tock: (event: { readonly text: string }) => unknown
}

class Speaker extends Announcer<Events> {
  say(count: number): void {
    this.events.emit('tick', { count })
  }
}

const settled = () => new Promise<void>((resolve) => setImmediate(resolve))

function guarded() {
  const faults: { event: string; error: unknown }[] = []
  return { faults, emitter: new GuardedEmitter<Events>((fault) => faults.push(fault)) }
}

describe('GuardedEmitter', () => {
  it('tells who watches an event whether anybody listens to it', () => {
    const { emitter } = guarded()
    const told: boolean[] = []
    const [one, two] = [() => {}, () => {}]
    emitter.on('tick', one)
    emitter.watch('tick', (isHeard) => void told.push(isHeard))
    expect(told).toEqual([true])
    emitter.on('tick', two)
    emitter.on('tock', one)
    emitter.off('tick', one)
    emitter.off('tick', one)
    expect(told).toEqual([true])
    emitter.off('tick', two)
    emitter.once('tick', one)
    emitter.emit('tick', { count: 1 })
    expect(told).toEqual([true, false, true, false])
  })

  it('calls every listener in order, though some throw or reject', async () => {
    const { faults, emitter } = guarded()
    const called: string[] = []
    emitter.on('tick', () => {
      called.push('first')
      throw new Error('sync')
    })
    emitter.on('tick', async () => {
      called.push('second')
      await settled()
      throw new Error('async')
    })
    emitter.on('tick', () => called.push('third'))
    expect(() => emitter.emit('tick', { count: 1 })).not.toThrow()
    await settled()
    await settled()
    expect(called).toEqual(['first', 'second', 'third'])
    expect(faults.map(({ event, error }) => [event, (error as Error).message])).toEqual([
      ['tick', 'sync'],
      ['tick', 'async'],
    ])
  })

  it('hears the rejection of a promise of any make', async () => {
    const { faults, emitter } = guarded()
    emitter.on('tick', () => ({ then: (_: unknown, reject: (error: Error) => void) => reject(new Error('foreign')) }))
    emitter.emit('tick', { count: 1 })
    await settled()
    expect(faults).toHaveLength(1)
  })

  it('names the event at which a listener of several failed', () => {
    const { faults, emitter } = guarded()
    const listener = () => {
      throw new Error('always')
    }
    emitter.on('tick', listener)
    emitter.on('tock', listener)
    emitter.emit('tock', { text: 'x' })
    emitter.emit('tick', { count: 1 })
    expect(faults.map((fault) => fault.event)).toEqual(['tock', 'tick'])
  })

  it('forgets a listener on request, for that event only, and a single one after its call', () => {
    const { emitter } = guarded()
    const calls: unknown[] = []
    const listener = (event: unknown) => calls.push(event)
    emitter.on('tick', listener)
    emitter.on('tock', listener)
    emitter.off('tick', listener)
    emitter.off('tick', () => {})
    emitter.emit('tick', { count: 1 })
    emitter.emit('tock', { text: 'x' })
    expect(calls).toEqual([{ text: 'x' }])

    emitter.once('tick', listener)
    emitter.emit('tick', { count: 2 })
    emitter.emit('tick', { count: 3 })
    expect(calls).toHaveLength(2)
    emitter.once('tick', listener)
    emitter.off('tick', listener)
    expect(emitter.listenerCount('tick')).toBe(0)
    expect(emitter.listenerCount('tock')).toBe(1)
  })

  it('keeps going when a listener removes itself or adds another', () => {
    const { emitter } = guarded()
    const calls: string[] = []
    const first = () => {
      calls.push('first')
      emitter.off('tick', first)
      emitter.on('tick', () => calls.push('late'))
    }
    emitter.on('tick', first)
    emitter.on('tick', () => calls.push('second'))
    emitter.emit('tick', { count: 1 })
    emitter.emit('tick', { count: 2 })
    expect(calls).toEqual(['first', 'second', 'second', 'late'])
  })

  it('is silent about faults when nobody wants them', () => {
    const emitter = new GuardedEmitter<Events>()
    emitter.on('tick', () => {
      throw new Error('unheard')
    })
    expect(() => emitter.emit('tick', { count: 1 })).not.toThrow()
  })
})

describe('Announcer', () => {
  it('lets users listen but not emit', () => {
    const speaker = new Speaker()
    const counts: number[] = []
    const listener = ({ count }: { readonly count: number }) => counts.push(count)
    expect(speaker.on('tick', listener)).toBe(speaker)
    expect(speaker.once('tick', listener)).toBe(speaker)
    speaker.say(1)
    expect(speaker.off('tick', listener)).toBe(speaker)
    speaker.say(2)
    expect(counts).toEqual([1, 1])
    expect('emit' in speaker).toBe(false)
    expectTypeOf(speaker).toExtend<Listenable<Events>>()
    expectTypeOf<keyof Speaker>().toEqualTypeOf<'on' | 'once' | 'off' | 'say'>()
  })
})
