import { describe, expect, it } from 'vitest'
import { parseConfig } from '../../src/config/load.js'
import { MemoryLedger } from '../../src/ledger/ledger.js'
import { createRecorder } from '../../src/station/create-recorder.js'
import { MemoryStorage } from '../../src/storages/memory-storage.js'
import { FakeClock } from '../../src/testing/fake-clock.js'

function read(general: string, own = '') {
  const { config, problems } = parseConfig(`[general]\n${general}\n[radio]\nurl = http://127.0.0.1/a\n${own}\n`)
  return { source: config?.sources[0], messages: problems.map(({ key, message }) => `${key}: ${message}`) }
}

describe('buffer_seconds', () => {
  it('is 60 unless it is set, for all or for one source', () => {
    expect(read('').source).not.toHaveProperty('bufferSeconds')
    expect(read('buffer_seconds = 30').source).toMatchObject({ bufferSeconds: 30 })
    expect(read('buffer_seconds = 30', 'buffer_seconds = 120.5').source).toMatchObject({ bufferSeconds: 120.5 })
  })

  it('is 30 at least, an hour at most', () => {
    expect(read('buffer_seconds = 29').messages).toEqual([
      'buffer_seconds: "29" is too small, it must be at least 30; write for example buffer_seconds = 60',
    ])
    expect(read('buffer_seconds = 3601').messages).toEqual([expect.stringContaining('3600 at most')])
  })

  it('reaches the recorder', () => {
    const { source } = read('buffer_seconds = 120')
    if (!source) throw new Error('no source')
    const clock = new FakeClock()
    const around = { clock, storage: new MemoryStorage(clock), ledger: new MemoryLedger(), followers: [] }
    expect(createRecorder(source, around).source).toBe('radio')
    // what no configuration can say is refused by the recorder, which has been told
    expect(() => createRecorder({ ...source, bufferSeconds: 29 }, around)).toThrow('bufferSeconds: 29')
  })
})
