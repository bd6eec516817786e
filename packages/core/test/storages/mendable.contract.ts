import { describe, expect, it } from 'vitest'
import { concatBytes } from '../../src/bytes/concat.js'
import type { MendableStorage } from '../../src/storages/storage.js'
import { collect } from '../support/collect.js'

/** What every storage must do in which repair works. */
export function mendableContract(name: string, create: () => Promise<MendableStorage>): void {
  const bytes = (value: string) => new TextEncoder().encode(value)
  const text = async (chunks: AsyncIterable<Uint8Array>) => {
    const parts: Uint8Array[] = []
    for await (const part of chunks) parts.push(part)
    return new TextDecoder().decode(concatBytes(parts))
  }
  const withFile = async (key: string, content: string) => {
    const storage = await create()
    const writer = await storage.create(key)
    writer.append(bytes(content))
    await writer.commit([])
    return storage
  }

  describe(`${name} keeps the contract of storages that can be mended`, () => {
    it('tells of one file what a listing tells', async () => {
      const storage = await withFile('a/b.ogg', 'hello')
      const [listed] = await collect(storage.list())
      expect(await storage.stat('a/b.ogg')).toEqual(listed)
      await expect(storage.stat('a/c.ogg')).rejects.toMatchObject({ code: 'ISR_STORAGE_NOT_FOUND' })
    })

    it('a replacement is unseen until it takes the place, whole', async () => {
      const storage = await withFile('a/b.ogg', 'the old one')
      const before = await storage.stat('a/b.ogg')
      const copy = await storage.replace('a/b.ogg')
      await copy.write(bytes('a nEW '))
      await copy.write(bytes('one, longer'))
      await copy.patch([{ offsetBytes: 3, bytes: bytes('ew') }])
      expect(await text(copy.read())).toBe('a new one, longer')
      expect(await text(storage.read('a/b.ogg'))).toBe('the old one')
      expect((await collect(storage.list())).map((file) => file.name)).toEqual(['a/b.ogg'])
      await copy.commit()
      await copy.abandon()
      expect(await text(storage.read('a/b.ogg'))).toBe('a new one, longer')
      const after = await storage.stat('a/b.ogg')
      expect(Math.abs(after.modifiedAt - before.modifiedAt)).toBeLessThan(1)
    })

    it('an abandoned replacement leaves nothing', async () => {
      const storage = await withFile('b.ogg', 'the old one')
      const copy = await storage.replace('b.ogg')
      await copy.write(bytes('x'))
      await copy.abandon()
      await copy.abandon()
      expect(await text(storage.read('b.ogg'))).toBe('the old one')
      await expect(storage.replace('none.ogg')).rejects.toMatchObject({ code: 'ISR_STORAGE_NOT_FOUND' })
    })

    it('writes over bytes in place, and on at the end', async () => {
      const storage = await withFile('c.wav', 'RIFF????data')
      await storage.overwrite('c.wav', [
        { offsetBytes: 4, bytes: bytes('1234') },
        { offsetBytes: 12, bytes: bytes('!') },
      ])
      expect(await text(storage.read('c.wav'))).toBe('RIFF1234data!')
      await expect(storage.overwrite('none.wav', [])).rejects.toMatchObject({ code: 'ISR_STORAGE_NOT_FOUND' })
    })
  })
}
