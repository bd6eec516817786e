import { describe, expect, it } from 'vitest'
import { parseConfig } from '../../src/config/load.js'

const SOURCE = '[mic]\ntype = signal\n'

function read(general: string, own = '') {
  const { config, problems } = parseConfig(`[general]\n${general}\n${SOURCE}${own}\n`)
  return { source: config?.sources[0], messages: problems.map(({ key, message }) => `${key}: ${message}`) }
}

describe('silence_seconds, trigger_db, loudness', () => {
  it('are off unless they are set', () => {
    const { source, messages } = read('')
    expect(messages).toEqual([])
    for (const key of ['silenceSeconds', 'silenceDb', 'triggerDb', 'preRecordSeconds', 'holdSeconds', 'loudness'])
      expect(source).not.toHaveProperty(key)
  })

  it('are taken', () => {
    const { source, messages } = read(
      'silence_seconds = 30\nsilence_db = -45.5\nloudness = yes',
      'trigger_db = -38\npre_record_seconds = 0\nhold_seconds = 1.5',
    )
    expect(messages).toEqual([])
    expect(source).toMatchObject({
      ...{ silenceSeconds: 30, silenceDb: -45.5, loudness: true },
      ...{ triggerDb: -38, preRecordSeconds: 0, holdSeconds: 1.5 },
    })
  })

  it('can be turned off for one source', () => {
    const { source } = read('silence_seconds = 30\ntrigger_db = -38', 'silence_seconds = 0\ntrigger_db =')
    expect(source).not.toHaveProperty('silenceSeconds')
    expect(source).not.toHaveProperty('triggerDb')
  })

  it('refuse what cannot be', () => {
    expect(read('trigger_db = 40').messages).toEqual([
      'trigger_db: "40" is too large, it can be 0 at most; write for example trigger_db = -40',
    ])
    expect(read('pre_record_seconds = 90').messages).toHaveLength(1)
    expect(read('silence_seconds = -1').messages).toHaveLength(1)
  })
})
