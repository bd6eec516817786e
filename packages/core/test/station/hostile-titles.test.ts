import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it, vi } from 'vitest'
import { OnTitle } from '../../src/splitters/on-title.js'
import { Recorder } from '../../src/station/recorder.js'
import { FaultServer } from '../../src/testing/fault-server.js'

const root = mkdtempSync(join(tmpdir(), 'isr-titles-'))
afterAll(() => rmSync(root, { recursive: true }))

/** Silence in MPEG-1 Layer III, 128 kb/s: headers and nothing in them. */
const FRAME = Uint8Array.from({ length: 417 }, (_, at) => [0xff, 0xfb, 0x90, 0xc4][at] ?? 0)
const FRAMES_PER_TITLE = 20

const HOSTILE: readonly (string | Uint8Array)[] = [
  '../../../../etc/passwd',
  '/etc/cron.d/x',
  'a\r\nSet-Cookie: x\r\n{"type":"recording"}',
  '<script>alert(1)</script>',
  'nul\0and \x1b[2Jescape',
  'x'.repeat(4000),
  Uint8Array.of(0xff, 0xfe, 0xc3, 0x28, 0xed, 0xa0, 0x80),
]

/** A block of ICY metadata. */
function block(title: string | Uint8Array): Buffer {
  const text = Buffer.concat([Buffer.from("StreamTitle='"), Buffer.from(title), Buffer.from("';")])
  const units = Math.ceil(text.length / 16)
  return Buffer.concat([Buffer.of(units), text, Buffer.alloc(16 * units - text.length)])
}

it('titles are data: a line of the ledger each, never a path', async () => {
  await using server = await FaultServer.start(async (connection) => {
    const interval = String(FRAMES_PER_TITLE * FRAME.length)
    await connection.respond({ 'content-type': 'audio/mpeg', 'icy-metaint': interval })
    const audio = Buffer.concat(Array.from({ length: FRAMES_PER_TITLE }, () => FRAME))
    await connection.write(
      Buffer.concat([audio, ...HOSTILE.flatMap((title) => [block(title), audio]), block('End'), audio]),
    )
  })
  const recordings = join(root, 'a', 'b', 'recordings')
  const recorder = new Recorder({ source: server.url, storage: recordings, splitter: new OnTitle() })
  const told: string[] = []
  recorder.on('metadata', ({ values }) => void told.push(values.title ?? ''))
  recorder.start()
  await vi.waitFor(() => expect(told).toHaveLength(HOSTILE.length + 1), { timeout: 20_000 })
  await recorder.stop()
  for (const [at, title] of HOSTILE.entries())
    if (typeof title === 'string' && !title.includes('\0')) expect(told[at]).toBe(title)

  const made = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  expect(new Set(made.map(({ parentPath }) => parentPath))).toEqual(new Set([recordings, join(recordings, '.isr')]))
  const names = readdirSync(recordings).filter((name) => name !== '.isr')
  expect(names.length).toBeGreaterThan(HOSTILE.length)
  for (const name of names) expect(name).toMatch(/^\d{8}_\d{6}(_\d+)?\.mp3$/)
  const lines = readFileSync(join(recordings, '.isr/ledger.jsonl'), 'utf8').trimEnd().split('\n')
  const closed = lines
    .map((line) => JSON.parse(line) as { type: string; name: string; titles: readonly { title: string }[] })
    .filter(({ type }) => type === 'recording')
  expect(closed.map(({ name }) => name).sort()).toEqual(names.sort())
  expect(new Set(closed.flatMap(({ titles }) => titles.map(({ title }) => title)))).toEqual(new Set(told))
})
