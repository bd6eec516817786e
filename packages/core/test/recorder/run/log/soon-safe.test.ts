import { describe, expect, it } from 'vitest'
import { SoonSafe } from '../../../../src/recorder/run/log/soon-safe.js'
import type { LoggedFile } from '../../../../src/recorder/run/log/source-log.js'
import { FakeClock } from '../../../../src/testing/fake-clock.js'

const filesThatCount = (count: number) => {
  const looks = Array<number>(count).fill(0)
  const files = looks.map((_, index) => ({ settle: () => looks[index]++ }) as unknown as LoggedFile)
  return { looks, files }
}

describe('SoonSafe', () => {
  it('asks each of many files once, a moment after they took frames', async () => {
    const clock = new FakeClock()
    const { looks, files } = filesThatCount(20)
    for (const file of files) SoonSafe.of(clock).add(file)
    for (const file of files) SoonSafe.of(clock).add(file)
    await clock.advance(100)
    expect(looks).toEqual(Array(20).fill(0))
    await clock.advance(100)
    expect(looks).toEqual(Array(20).fill(1))
    await clock.advance(10_000)
    expect(looks).toEqual(Array(20).fill(1))
  })

  it('wakes nobody up for a few files, nor for those that are over', async () => {
    const clock = new FakeClock()
    const { looks, files } = filesThatCount(12)
    const soon = SoonSafe.of(clock)
    for (const file of files.slice(0, 9)) soon.add(file)
    await clock.advance(10_000)
    expect(looks.some((count) => count > 0)).toBe(false)
    for (const file of files) soon.add(file)
    for (const file of files) soon.delete(file)
    await clock.advance(10_000)
    expect(looks.some((count) => count > 0)).toBe(false)
  })

  it('has one for each clock', () => {
    const clock = new FakeClock()
    expect(SoonSafe.of(clock)).toBe(SoonSafe.of(clock))
    expect(SoonSafe.of(clock)).not.toBe(SoonSafe.of(new FakeClock()))
  })
})
