import { execFileSync, spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { afterAll, describe, expect, it } from 'vitest'
import { describeWithTools } from '../../../../../tests/e2e/rig/require-tool.js'
import { MOST_NAME_BYTES } from '../../../src/formats/tags/chapter.js'
import { TAG_BLOCK_BYTES } from '../../../src/formats/tags/tag-room.js'
import { audioKind, ENCODER_TOOLS, type AudioKind } from '../../support/audio-kinds.js'
import { createFolder } from '../support/encoded.js'
import { expectSilent } from '../support/judges.js'
import { CHAPTER_KINDS, markFile, readBack, type MarkedFile } from './support/marked-file.js'

const folder = createFolder()
afterAll(() => folder.remove())
const TOOLS = [
  ...ENCODER_TOOLS,
  ...['mediainfo', 'metaflac', 'flac', 'sox', 'mp3val', 'mp3check', 'mpg123'],
  ...['oggz-validate', 'ogginfo', 'oggdec', 'opusinfo', 'opusdec', 'python3'],
]

function store(kind: AudioKind, bytes: Uint8Array): string {
  const path = folder.file(`tagged.${kind.extension}`)
  writeFileSync(path, bytes)
  return path
}

const titles = (count: number) => Array.from({ length: count }, (_, index) => `Björk – Jóga, Part ${index + 1}`)

/** Header and last piece alone may change after they were written. */
function expectPatchesInReach({ patches, headerBytes, lastPieceByte }: MarkedFile): void {
  for (const { offsetBytes, bytes } of patches) {
    expect(offsetBytes + bytes.length <= headerBytes || offsetBytes >= lastPieceByte).toBe(true)
  }
}

describeWithTools(TOOLS, 'tags and chapters, read back', () => {
  describe.each(CHAPTER_KINDS)('$name', (kind) => {
    it.each([0, 1, 5, 60])('of %i titles: every checker silent, each where it began', async (count) => {
      const file = markFile(kind, titles(count))
      expectPatchesInReach(file)
      const path = store(kind, file.bytes)
      await expectSilent(path)
      const { chapters, tags } = readBack(path)
      expect(tags).toMatchObject({ date: expect.stringMatching(/^2026-11-22T1[67]:00:00/) as string })
      expect(tags.title).toBe(titles(count)[0])
      const expected = count > 1 ? file.chapters : []
      const names = chapters.map(({ name }) => name)
      // what there was no room for is one chapter without a title
      if (names.length < expected.length) expect(names.pop()).toBe('...')
      expect(names).toEqual(expected.slice(0, names.length).map(({ name }) => name))
      for (const [index, { startMs }] of chapters.entries()) expect(startMs).toBeCloseTo(expected[index].startMs, -0.3)
      if (count <= 5) expect(chapters).toHaveLength(expected.length)
      else expect(chapters.length).toBeGreaterThan(30)
    })

    it('is the same file while it grows, whatever titles come, and plays after each of its last corrections', () => {
      const file = markFile(kind, titles(5))
      expect(Buffer.compare(file.growing, markFile(kind, titles(1)).growing)).toBe(0)
      expect(file.patches.length).toBeGreaterThan(0)
      const unfinished = Buffer.concat([file.growing, file.bytes.subarray(file.growing.length)])
      for (let stage = 0; stage <= file.patches.length; stage++) {
        const args = ['-nostdin', '-v', 'error', '-i', store(kind, unfinished), '-f', 's16le', '-']
        const { status, stdout, stderr } = spawnSync('ffmpeg', args, { maxBuffer: 1 << 24 })
        expect({ stage, status, words: String(stderr) }).toEqual({ stage, status: 0, words: '' })
        expect(stdout.length).toBeGreaterThanOrEqual(2 * kind.channels * file.samples)
        const patch = file.patches[stage]
        if (patch) unfinished.set(patch.bytes, patch.offsetBytes)
      }
    })

    it('tells a start that became known while it was written', () => {
      const retimeTo = Date.UTC(2026, 10, 22, 15, 59, 58, 750)
      const path = store(kind, markFile(kind, titles(2), { retimeTo }).bytes)
      const { chapters, tags } = readBack(path)
      expect(chapters).toHaveLength(2)
      expect(tags.isr_start ?? tags.originator_reference?.slice(10)).toBe(String(retimeTo * 1000))
      expect(tags.isr_date ?? tags.date).toBe('2026-11-22T16:59:58.750+01:00')
      expect(tags.isr_source ?? tags.isrc).toBe('Radio Süd')
    })

    it('takes any title for data', async () => {
      const hostile = [
        '\0\u001b[31m Evil\r\nTITLE=other\u0085',
        'x'.repeat(10_000),
        '\ud800 lone \udc00',
        '\u{1f3b5}'.repeat(300),
        '\u202eltr \ufeff\uffff',
        'CHAPTER001=00:00:00.000',
        '=',
        '<script>alert(1)</script>',
        '%s%n "\' \\',
        'RIFF\0\0\0\0WAVEdata',
        'OggS\0\u0004',
        'ID3\u0004\0\0',
      ]
      const file = markFile(kind, ['start \0\n' + 'é'.repeat(5000), ...hostile])
      expectPatchesInReach(file)
      const path = store(kind, file.bytes)
      await expectSilent(path)
      const { chapters, tags } = readBack(path)
      expect(Buffer.byteLength(tags.title)).toBeLessThanOrEqual(1000)
      expect(tags.title.startsWith('start  éé')).toBe(true)
      expect(chapters.length).toBeGreaterThan(8)
      for (const { name } of chapters) {
        expect(Buffer.byteLength(name)).toBeLessThanOrEqual(MOST_NAME_BYTES)
        expect(name).not.toMatch(/\p{Cc}/u)
      }
      expect(chapters.slice(1, 4).map(({ name }) => name)).toEqual([
        '[31m Evil TITLE=other',
        'x'.repeat(MOST_NAME_BYTES),
        '\ufffd lone \ufffd',
      ])
    })
  })

  it('is read by mediainfo, too', () => {
    for (const name of ['FLAC', 'Vorbis', 'Opus']) {
      const kind = CHAPTER_KINDS.find((one) => one.name === name)!
      const info = execFileSync('mediainfo', [store(kind, markFile(kind, titles(3)).bytes)], { encoding: 'utf8' })
      for (const title of titles(3)) expect(info).toMatch(new RegExp(`^00:00:0\\d\\.\\d\\d\\d +: ${title}$`, 'm'))
      expect(info).toMatch(/Track name +: Björk – Jóga, Part 1/)
      expect(info).toMatch(/Recorded date +: 2026-11-22 17:00:00\.250\+01:00/)
      expect(info).toMatch(/ISR_SOURCE +: Radio Süd/)
    }
    const mp3 = execFileSync('mediainfo', [store(CHAPTER_KINDS[0], markFile(CHAPTER_KINDS[0], titles(3)).bytes)])
    expect(String(mp3)).toMatch(/Recorded date +: 2026-11-22 16:00:00 UTC/)
    expect(String(mp3)).toMatch(/Track name +: Björk – Jóga, Part 1/)
    const wav = audioKind('WAV')
    const bext = execFileSync('mediainfo', [store(wav, markFile(wav, ['Song']).bytes)], { encoding: 'utf8' })
    expect(bext).toMatch(/Producer_Reference +: ISR_START=1795363200250000/)
    expect(bext).toMatch(/Recorded date +: 2026-11-22 17:00:00\.250\+01:00/)
    expect(bext).toMatch(/Track name +: Song/)
  })

  it('is what metaflac lists, and what it leaves free is padding', () => {
    const kind = CHAPTER_KINDS.find(({ name }) => name === 'FLAC')!
    const paddingOf = (count: number) => {
      const path = store(kind, markFile(kind, titles(count)).bytes)
      const list = execFileSync('metaflac', ['--list', path], { encoding: 'utf8' })
      expect([...list.matchAll(/type: (\d)/g)].map(([, type]) => type)).toEqual(['0', '4', '1', '3'])
      const own = execFileSync('metaflac', ['--no-utf8-convert', '--export-tags-to=-', path], { encoding: 'utf8' })
      expect([...own.matchAll(/^CHAPTER\d\d\dNAME=(.*)$/gm)].map(([, name]) => name)).toEqual(
        count > 1 ? titles(count) : [],
      )
      return Number(/type: 1 .*\n.*\n\s+length: (\d+)/.exec(list)![1])
    }
    expect(paddingOf(0)).toBe(1536)
    const room = paddingOf(1)
    expect(room).toBeLessThan(TAG_BLOCK_BYTES)
    expect(paddingOf(5)).toBeLessThan(room)
  })

  it('is found by a parser of ID3v2 that follows the specification to the letter', () => {
    const kind = CHAPTER_KINDS[0]
    const read = execFileSync('python3', ['-c', ID3_READER, store(kind, markFile(kind, titles(4)).bytes)])
    const { contents, chapters, size, padding } = JSON.parse(String(read)) as Record<string, unknown>
    expect(contents).toEqual(['toc', 3, ['c1', 'c2', 'c3', 'c4']])
    expect(chapters).toEqual(titles(4).map((name, index) => [`c${index + 1}`, true, name]))
    expect([size, padding]).toEqual([TAG_BLOCK_BYTES, true])
  })

  it('leaves no room in files whose tags are large, and keeps those', async () => {
    for (const name of ['Vorbis', 'Opus', 'Ogg FLAC', 'FLAC']) {
      const kind = audioKind(name)
      const encoder = kind.encoder.replace(/ -f/, ` -metadata COVER=${'x'.repeat(9000)} -f`)
      const large = { ...kind, name: `${name} with a cover`, encoder }
      const path = store(large, markFile(large, titles(3), { retimeTo: 0 }).bytes)
      await expectSilent(path)
      const { chapters, tags } = readBack(path)
      expect([chapters, tags.cover?.length]).toEqual([[], 9000])
    }
  })
})

/** Walks frames and padding of a tag; chapters must follow each other without a break. */
const ID3_READER = `
import json, struct, sys
data = open(sys.argv[1], 'rb').read()
safe = lambda b: b[0] << 21 | b[1] << 14 | b[2] << 7 | b[3]
assert data[:6] == b'ID3\\4\\0\\0' and max(data[6:10]) < 128
size = 10 + safe(data[6:10])
def frames(body):
    at = 0
    while at < len(body) and body[at]:
        name, length = body[at:at + 4].decode('ascii'), safe(body[at + 4:at + 8])
        assert body[at + 8:at + 10] == b'\\0\\0' and at + 10 + length <= len(body)
        yield name, body[at + 10:at + 10 + length]
        at += 10 + length
    assert not any(body[at:])
def text(body):
    assert body[0] == 3
    return body[1:].decode('utf-8')
contents, chapters, last = None, [], 0
for name, body in frames(data[10:size]):
    if name == 'CTOC':
        element, rest = body.split(b'\\0', 1)
        ids = rest[2:].split(b'\\0')
        assert ids.pop() == b'' and len(ids) == rest[1]
        contents = [element.decode(), rest[0], [one.decode() for one in ids]]
    if name == 'CHAP':
        element, rest = body.split(b'\\0', 1)
        start, end, first, after = struct.unpack('>4I', rest[:16])
        assert first == after == 0xffffffff and start < end
        (inner, title), = frames(rest[16:])
        assert inner == 'TIT2'
        chapters.append([element.decode(), start == last, text(title)])
        last = end
assert data[size] == 0xff
print(json.dumps(dict(contents=contents, chapters=chapters, size=size, padding=data[size - 1] == 0)))
`
