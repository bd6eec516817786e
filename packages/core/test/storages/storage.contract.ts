import { describe, expect, it } from 'vitest'
import { concatBytes } from '../../src/bytes/concat.js'
import type { Storage } from '../../src/storages/storage.js'

/** What every storage must do. */
export function storageContract(name: string, create: () => Promise<Storage>): void {
  const text = (value: string) => new TextEncoder().encode(value)
  const read = async (storage: Storage, key: string, range?: { startByte: number; endByte?: number }) => {
    const parts: Uint8Array[] = []
    for await (const part of storage.read(key, range)) parts.push(part)
    return new TextDecoder().decode(concatBytes(parts))
  }
  const names = async (storage: Storage) => {
    const found: string[] = []
    for await (const file of storage.list()) found.push(file.name)
    return found.sort()
  }

  describe(`${name} keeps the storage contract`, () => {
    it('writes what was appended, in order, with patches over it', async () => {
      const storage = await create()
      const writer = await storage.create('2026/11/a.mp3')
      for (const part of ['HEAD', '-one', '-two', '']) writer.append(text(part))
      await writer.commit([{ offsetBytes: 1, bytes: text('ea') }])
      expect(writer.name).toBe('2026/11/a.mp3')
      expect(await read(storage, '2026/11/a.mp3')).toBe('HeaD-one-two')
    })

    it('never overwrites: a taken name gets a suffix before its extension', async () => {
      const storage = await create()
      const taken: string[] = []
      for (const content of ['first', 'second', 'third']) {
        const writer = await storage.create('x/a.b.ogg')
        taken.push(writer.name)
        writer.append(text(content))
        await writer.commit([])
      }
      expect(taken).toEqual(['x/a.b.ogg', 'x/a.b_1.ogg', 'x/a.b_2.ogg'])
      expect(await read(storage, 'x/a.b.ogg')).toBe('first')
      expect(await read(storage, 'x/a.b_2.ogg')).toBe('third')
    })

    it('gives concurrent creators of one name different files', async () => {
      const storage = await create()
      const writers = await Promise.all(Array.from({ length: 8 }, () => storage.create('same.wav')))
      expect(new Set(writers.map((writer) => writer.name)).size).toBe(8)
      await Promise.all(writers.map((writer) => writer.commit([])))
      expect(await names(storage)).toHaveLength(8)
    })

    it('reads ranges', async () => {
      const storage = await create()
      const writer = await storage.create('r.wav')
      writer.append(text('0123456789'))
      await writer.commit([])
      expect(await read(storage, 'r.wav', { startByte: 3 })).toBe('3456789')
      expect(await read(storage, 'r.wav', { startByte: 3, endByte: 5 })).toBe('34')
      expect(await read(storage, 'r.wav', { startByte: 5, endByte: 5 })).toBe('')
    })

    it('lists and removes', async () => {
      const storage = await create()
      expect(await names(storage)).toEqual([])
      for (const key of ['b.ogg', 'a/c.ogg']) await (await storage.create(key)).commit([])
      expect(await names(storage)).toEqual(['a/c.ogg', 'b.ogg'])
      await storage.remove('b.ogg')
      expect(await names(storage)).toEqual(['a/c.ogg'])
      await expect(storage.remove('b.ogg')).rejects.toMatchObject({ code: 'ISR_STORAGE_NOT_FOUND' })
      await expect(read(storage, 'b.ogg')).rejects.toMatchObject({ code: 'ISR_STORAGE_NOT_FOUND' })
    })

    it.each([
      '../a.ogg',
      '/etc/a.ogg',
      'a/../../b.ogg',
      'a//b.ogg',
      './a.ogg',
      '',
      'a\u0000b.ogg',
      'a\\b.ogg',
      `${'x'.repeat(300)}.ogg`,
    ])('refuses the name %j', async (key) => {
      const storage = await create()
      await expect((async () => storage.create(key))()).rejects.toMatchObject({ code: 'ISR_STORAGE_DENIED' })
    })
  })
}
