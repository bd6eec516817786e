import { describe, expect, it } from 'vitest'
import { LiveWavPatcher } from '../../src/live/patchers/live-wav-patcher.js'
import { readLiveView } from '../../src/live/read-live-view.js'
import { MemoryAccess } from '../../src/storages/access/memory-access.js'
import { buildChunk } from '../../src/formats/wav/riff.js'

describe('readLiveView', () => {
  it('drives a patcher over the file at the size it has', async () => {
    const fmt = Uint8Array.of(1, 0, 1, 0, 0x40, 0x1f, 0, 0, 0x80, 0x3e, 0, 0, 2, 0, 16, 0)
    const file = Buffer.concat([
      buildChunk('RIFF', Buffer.from('WAVE')),
      buildChunk('fmt ', fmt),
      buildChunk('data', new Uint8Array(0)),
      new Uint8Array(101),
    ])
    const view = await readLiveView(new LiveWavPatcher(), new MemoryAccess(new Uint8Array(file)))
    expect(view).toMatchObject({ endByte: file.length - 1, samples: 50 })
    expect(Buffer.from(view.head).readUInt32LE(40)).toBe(100)
  })
})
