import { describe, expect, it } from 'vitest'
import { loadPackage } from '../../src/decoders/load-package.js'
import { openWasmDecoder } from '../../src/decoders/open-decoder.js'

describe('a decoder', () => {
  it('whose package is not installed is named, with what mends it', async () => {
    const name: string = 'no-such-package'
    const missing = (): Promise<unknown> => import(name)
    await expect(loadPackage('MP3', 'mpg123-decoder', missing)).rejects.toMatchObject({
      code: 'ISR_DECODER_MISSING',
      message: expect.stringMatching(
        /^decoding MP3 needs the package mpg123-decoder.*npm install mpg123-decoder/,
      ) as string,
    })
  })

  it('that does not exist is refused', async () => {
    const setup = { codec: 'aac', channels: 2, headers: [] } as const
    await expect(openWasmDecoder(setup)).rejects.toMatchObject({ code: 'ISR_DECODER_MISSING' })
  })

  it('that cannot use the headers says so', async () => {
    const vorbis = { codec: 'vorbis', channels: 2, headers: [new Uint8Array(30)] } as const
    await expect(openWasmDecoder(vorbis)).rejects.toMatchObject({ code: 'ISR_DECODE_FAILED' })
    const opus = { codec: 'opus', channels: 6, headers: [new Uint8Array(19)] } as const
    await expect(openWasmDecoder(opus)).rejects.toMatchObject({ code: 'ISR_DECODE_FAILED' })
  })
})
