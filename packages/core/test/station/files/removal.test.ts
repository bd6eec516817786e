import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { RemovalDesk, type RemovalFacts } from '../../../src/station/files/removal.js'
import { FakeClock } from '../../../src/testing/fake-clock.js'

describe('RemovalDesk', () => {
  let directory: string
  let clock: FakeClock
  let desk: RemovalDesk
  let removed: string[]
  const facts = (name: string): RemovalFacts => ({ name, by: 'user', source: 'radio', run: 'run-1', timeZone: 'UTC' })
  const open = () =>
    new RemovalDesk({ directory, clock, onRemoved: (name) => Promise.resolve(void removed.push(name)) })
  const put = (name: string, text = name) => {
    mkdirSync(join(directory, name, '..'), { recursive: true })
    writeFileSync(join(directory, name), text)
  }
  const has = (name: string) => existsSync(join(directory, name))
  const ledger = () => (has('.isr/ledger.jsonl') ? readFileSync(join(directory, '.isr/ledger.jsonl'), 'utf8') : '')

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'isr-removal-'))
    clock = new FakeClock(Date.UTC(2026, 5, 1))
    removed = []
    desk = open()
  })
  afterEach(async () => {
    await desk.close()
    rmSync(directory, { recursive: true, force: true })
  })

  it('takes a file out at once, and for good when the time is up', async () => {
    put('a/1.mp3')
    const { undoUntil } = await desk.remove(facts('a/1.mp3'))
    expect(undoUntil).toBe(clock.now() + 10_000)
    expect(has('a/1.mp3')).toBe(false)
    await clock.advance(9_999)
    expect(ledger()).toBe('')
    await clock.advance(1)
    await desk.close()
    expect(JSON.parse(ledger())).toEqual({
      v: 1,
      type: 'removed',
      source: 'radio',
      run: 'run-1',
      name: 'a/1.mp3',
      by: 'user',
      at: '2026-06-01T00:00:10.000Z',
      utcOffset: '+00:00',
    })
    expect(removed).toEqual(['a/1.mp3'])
    expect(has('.isr/trash/a')).toBe(false)
  })

  it('brings it back, once, and never over another file', async () => {
    put('a/1.mp3', 'mine')
    const first = await desk.remove(facts('a/1.mp3'))
    expect(await desk.undo(first.id)).toBe('a/1.mp3')
    expect(readFileSync(join(directory, 'a/1.mp3'), 'utf8')).toBe('mine')
    expect(await desk.undo(first.id)).toBeUndefined()
    const second = await desk.remove(facts('a/1.mp3'))
    put('a/1.mp3', 'other')
    await expect(desk.undo(second.id)).rejects.toMatchObject({ code: 'ISR_STORAGE_EXISTS' })
    expect(readFileSync(join(directory, 'a/1.mp3'), 'utf8')).toBe('other')
    await clock.advance(10_000)
    await desk.close()
    expect(await desk.undo(second.id)).toBeUndefined()
    expect(removed).toEqual(['a/1.mp3'])
  })

  it('says that there is no such file, and takes nothing that is none', async () => {
    mkdirSync(join(directory, 'folder.mp3'))
    for (const name of ['none.mp3', 'folder.mp3'])
      await expect(desk.remove(facts(name))).rejects.toMatchObject({ code: 'ISR_STORAGE_NOT_FOUND' })
    for (const name of ['../x', '/etc/passwd', 'a/../../x'])
      await expect(desk.remove(facts(name))).rejects.toMatchObject({ code: 'ISR_STORAGE_DENIED' })
  })

  it('finishes what a crash has left half done', async () => {
    put('b/2.mp3')
    await desk.remove(facts('b/2.mp3'))
    const next = open()
    await next.recover(facts)
    expect(removed).toEqual(['b/2.mp3'])
    expect(ledger()).toContain('"name":"b/2.mp3"')
  })
})
