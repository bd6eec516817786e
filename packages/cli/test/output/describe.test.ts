import { describe as suite, expect, it } from 'vitest'
import { describe, TOLD_EVENTS } from '../../src/output/describe.js'
import { localClock } from '../../src/output/units.js'
import { cause, recording } from '../support/fake-station.js'

const source = 'radio'
const at = Date.UTC(2026, 0, 1)

suite('describe', () => {
  it('knows every event but levels, which are for programs', () => {
    expect([...TOLD_EVENTS].sort()).toEqual(
      [
        ...['state', 'run:start', 'run:end', 'recording:open', 'recording:close', 'recording:remove', 'gap', 'seam'],
        ...['discard', 'metadata', 'retry', 'warning', 'error', 'loudness'],
        ...['silence:start', 'silence:end', 'trigger:start', 'trigger:end', 'durability'],
      ].sort(),
    )
  })

  it('tells of files', () => {
    expect(describe('recording:open', recording())).toEqual({ level: 'INFO', text: 'recording 20260101_000000.mp3' })
    expect(describe('recording:close', recording({ closedBy: 'boundary' }))).toEqual({
      level: 'INFO',
      text: 'closed 20260101_000000.mp3 (1:05, 1.0 MB, boundary)',
    })
  })

  it('tells of runs and states', () => {
    expect(describe('state', { source, from: 'idle', to: 'connecting' })).toEqual({
      level: 'DEBUG',
      text: 'idle -> connecting',
    })
    const run = { source, run: 'r', at }
    expect(describe('run:start', { ...run, facts: { url: 'http://h/', server: 'Icecast' } }).text).toBe(
      'connected: url=http://h/, server=Icecast',
    )
    expect(describe('run:start', { ...run, facts: {} }).text).toBe('connected')
    const end = { ...run, receivedBytes: 5000 }
    expect(describe('run:end', { ...end, cause: cause('ISR_SOURCE_RESET', 'reset') })).toEqual({
      level: 'INFO',
      text: 'disconnected after 5.0 KB (ISR_SOURCE_RESET)',
    })
  })

  it('tells of a disk that is late, and of its end', () => {
    const waiting = { source, at, bufferedSeconds: 65, bufferedBytes: 1_040_000 }
    expect(describe('durability', { ...waiting, isLate: true, lagSeconds: 66.24 })).toEqual({
      level: 'WARNING',
      text: 'the disk is 66.2 s late; 1:05, 1.0 MB wait in memory',
    })
    expect(describe('durability', { ...waiting, isLate: false, lagSeconds: 1 })).toEqual({
      level: 'INFO',
      text: 'what was received is on disk again',
    })
  })

  it('tells of what is missing and why', () => {
    expect(describe('gap', { source, from: at, to: at + 3210, seconds: 3.21, cause: cause() })).toEqual({
      level: 'WARNING',
      text: `gap of 3.2 s, ${localClock(at)} to ${localClock(at + 3210)} (ISR_SOURCE_NOT_FOUND)`,
    })
    expect(describe('gap', { source, from: at, to: at + 31, seconds: 0.0314, cause: cause() }).text).toMatch(
      /^gap of 31 ms, /,
    )
    expect(describe('discard', { source, at, bytes: 12, reason: 'sync' })).toEqual({
      level: 'INFO',
      text: '12 B received and not kept: sync',
      reason: 'sync',
    })
    expect(describe('discard', { source, at, bytes: 12, reason: 'foreign' }).level).toBe('DEBUG')
  })

  it('tells of titles', () => {
    expect(describe('metadata', { source, at, values: { title: 'A - B' } })).toEqual({
      level: 'INFO',
      text: 'title: A - B',
    })
    expect(describe('metadata', { source, at, values: { url: 'x' } })).toEqual({
      level: 'DEBUG',
      text: 'metadata: {"url":"x"}',
    })
  })

  it('tells of silence, of sound and of loudness', () => {
    expect(describe('silence:start', { source, at, levelDb: -200 })).toEqual({
      level: 'WARNING',
      text: `silence since ${localClock(at)} (digital silence)`,
    })
    expect(describe('silence:start', { source, at, levelDb: -61.24 }).text).toContain('(-61.2 dBFS)')
    expect(describe('silence:end', { source, at, seconds: 75 }).text).toBe('silence is over after 1:15')
    expect(describe('trigger:start', { source, at: at + 2000, from: at, levelDb: -31.5 })).toEqual({
      level: 'INFO',
      text: `sound (-31.5 dBFS): recording from ${localClock(at)}`,
    })
    expect(describe('trigger:end', { source, at, seconds: 14 }).text).toBe('quiet again; recorded 0:14')
    expect(describe('discard', { source, at, bytes: 5, reason: 'quiet' }).level).toBe('DEBUG')
    const name = 'a.wav'
    expect(describe('loudness', { source, name, integratedLufs: -23.04 }).text).toBe('loudness of a.wav: -23.0 LUFS')
    expect(describe('loudness', { source, name }).text).toBe('a.wav is silent')
  })

  it('gives what repeats the same reason each time', () => {
    const first = describe('retry', { source, attempt: 1, retryAt: at, cause: cause() })
    const second = describe('retry', { source, attempt: 2, retryAt: at + 5000, cause: cause() })
    expect(first.text).toBe(`http://host/live answered 404 (ISR_SOURCE_NOT_FOUND); next attempt at ${localClock(at)}`)
    expect(second.text).not.toBe(first.text)
    expect(second.reason).toBe(first.reason)
    expect(describe('warning', { source, code: 'x', message: 'm' })).toMatchObject({ level: 'WARNING', text: 'm' })
    expect(describe('error', { source, error: cause() })).toMatchObject({ level: 'ERROR', reason: first.reason })
    const denied = (file: string) =>
      describe('error', { source, error: cause('ISR_STORAGE_DENIED', `cannot create ${file}`) })
    expect(denied('a_170000.mp3').reason).toBe(denied('a_180000.mp3').reason)
    expect(denied('b.mp3').reason).not.toBe(denied('a.mp3').reason)
  })
})
