import { readFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { describeWithTools } from '../e2e/rig/require-tool.js'
import { runTool } from '../e2e/rig/run-tool.js'
import { tempDir } from '../e2e/rig/temp-dir.js'
import { lawBreaks, readLedger } from '../e2e/support/ledger-file.js'
import { audioPackets } from '../e2e/support/ogg-packets.js'
import { expectPartOf } from '../e2e/support/part-of.js'

describeWithTools(['ffmpeg', 'ffprobe'], 'the rig: Ogg packets', () => {
  it.each([
    ['libvorbis', 'ogg'],
    ['libopus', 'opus'],
    ['flac', 'oga'],
  ])('of %s are those that ffprobe counts', async (encoder, extension) => {
    const path = join(tempDir(), `a.${extension}`)
    const signal = 'anoisesrc=d=2:r=48000:a=0.3'
    await runTool('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', signal, '-c:a', encoder, path])
    const args = ['-v', 'error', '-show_entries', 'packet=size', '-of', 'csv=p=0', path]
    const sizes = (await runTool('ffprobe', args)).output.match(/^\d+/gm)?.map(Number)
    const packets = audioPackets(readFileSync(path)).filter(({ length }) => length > 0)
    expect(packets.map(({ length }) => length)).toEqual(sizes)
  })

  it('are not found in a damaged file', () => {
    expect(() => audioPackets(Buffer.from('no Ogg at all, not a page of it'))).toThrow('no page at 0')
  })
})

describe('the rig: a part of a whole', () => {
  const frames = ['a', 'b', 'c', 'd', 'e'].map((text) => Buffer.from(text))
  const [a, b, c, d] = frames

  it('stands in it in one piece', () => {
    expectPartOf([b, c, d], frames)
  })

  it.each([
    ['a loss', [b, d], 'are missing'],
    ['a double', [b, c, c], 'doubled'],
    ['a swap', [b, d, c], 'missing'],
    ['a foreign frame', [b, Buffer.from('x')], 'never sent'],
    ['nothing at all', [], 'greater than 0'],
    ['a foreign start', [Buffer.from('x'), a], 'never sent'],
  ])('shows %s', (_, part, message) => {
    expect(() => expectPartOf(part, frames)).toThrow(message)
  })
})

describe('the rig: the ledger', () => {
  const run = { type: 'run', source: 's', run: 'r', receivedBytes: 100 }
  const kept = { type: 'recording', source: 's', run: 'r', receivedBytes: 90 }
  const lost = { type: 'discard', source: 's', run: 'r', bytes: 10, reason: 'sync' }

  const write = async (text: string) => {
    const folder = tempDir()
    await mkdir(join(folder, '.isr'))
    await writeFile(join(folder, '.isr/ledger.jsonl'), text)
    return folder
  }
  const read = async (...lines: object[]) =>
    readLedger(await write(lines.map((line) => `${JSON.stringify(line)}\n`).join('')))

  it('keeps the law when every byte has its line', async () => {
    expect(lawBreaks(await read(kept, lost, run))).toEqual([])
  })

  it('breaks it when a byte has none, or a run received nothing', async () => {
    expect(lawBreaks(await read(kept, run))).toEqual(['s run r: received 100, kept 90, discarded 0'])
    expect(lawBreaks(await read(kept, kept, lost, run))).toHaveLength(1)
    expect(lawBreaks(await read({ ...run, receivedBytes: 0 }))).toHaveLength(1)
  })

  it('is not read when its last line is torn', async () => {
    const folder = await write(JSON.stringify(run))
    expect(() => readLedger(folder)).toThrow('torn')
  })
})
