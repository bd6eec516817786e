import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ReplayBuffer } from '../../../src/formats/detection/replay-buffer.js'

describe('ReplayBuffer', () => {
  it('keeps what was not dropped', () => {
    const steps = fc.array(fc.oneof(fc.uint8Array({ maxLength: 9 }), fc.nat(12)), { maxLength: 60 })
    fc.assert(
      fc.property(steps, (some) => {
        const buffer = new ReplayBuffer()
        let model = Buffer.alloc(0)
        for (const step of some) {
          if (typeof step === 'number') {
            buffer.drop(step)
            model = model.subarray(step)
          } else {
            buffer.push(step)
            model = Buffer.concat([model, step])
          }
          expect(buffer.length).toBe(model.length)
        }
        expect(Buffer.from(buffer.bytes).equals(model)).toBe(true)
      }),
    )
  })

  it('copies nothing while one chunk is kept', () => {
    const buffer = new ReplayBuffer()
    const chunk = Uint8Array.of(1, 2, 3)
    buffer.push(chunk)
    expect(buffer.bytes).toBe(chunk)
    buffer.drop(1)
    expect(buffer.bytes.buffer).toBe(chunk.buffer)
  })
})
