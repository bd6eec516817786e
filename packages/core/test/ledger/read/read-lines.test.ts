import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { LedgerEntry } from '../../../src/ledger/entry.js'
import { parseEntry } from '../../../src/ledger/read/parse-entry.js'
import { readLedgerLines, type LedgerText } from '../../../src/ledger/read/read-lines.js'
import { SAMPLE_ENTRIES } from '../support/sample-entries.js'
import { collect } from '../../support/collect.js'

async function read(bytes: Uint8Array, cuts: readonly number[] = []): Promise<LedgerText[]> {
  const edges = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length]
  async function* chunks() {
    for (let index = 1; index < edges.length; index++)
      yield await Promise.resolve(bytes.subarray(edges[index - 1], edges[index]))
  }
  return collect(readLedgerLines(chunks()))
}

const encode = (text: string) => new TextEncoder().encode(text)
const ledger = SAMPLE_ENTRIES.map((entry) => `${JSON.stringify(entry)}\n`).join('')

describe('readLedgerLines', () => {
  it('reads what a ledger writes, wherever it is cut', async () => {
    const whole = await read(encode(ledger))
    expect(whole.map((line) => 'entry' in line && line.entry)).toEqual(SAMPLE_ENTRIES)
    expect(whole.map(({ line }) => line)).toEqual(SAMPLE_ENTRIES.map((_, index) => index + 1))
    const bytes = Buffer.from(ledger)
    for (const { text, startByte } of whole)
      expect(bytes.toString('utf8', startByte, startByte + Buffer.byteLength(text))).toBe(text)
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(), { maxLength: 20 }), async (cuts) => {
        expect(await read(encode(ledger), cuts)).toEqual(whole)
      }),
      { numRuns: 50 },
    )
  })

  it('names what is wrong with its line, and goes on', async () => {
    const lines = await read(encode(`not json\n\n{"type":"run"}\n[1]\n"x"\nnull\n{"v":1}\n${ledger}{"v":1,"type":"ga`))
    const faults = lines.flatMap((line) => ('fault' in line ? [`${line.line} ${line.fault}`] : []))
    expect(faults).toEqual([
      '1 is no JSON',
      '3 v is no whole number above 0: missing',
      '4 is no JSON object',
      '5 is no JSON object',
      '6 is no JSON object',
      '7 has no type',
      `${8 + SAMPLE_ENTRIES.length} is torn: it has no line end`,
    ])
    expect(lines.filter((line) => 'entry' in line)).toHaveLength(SAMPLE_ENTRIES.length)
  })

  it('holds no more than a line may be long', async () => {
    const long = new Uint8Array(20 * 1024 * 1024).fill(0x41)
    long[long.length - 1] = 0x0a
    const lines = await read(Uint8Array.from(Buffer.concat([long, encode(ledger)])), [1, 5_000_000, 17_000_000])
    expect(lines[0]).toMatchObject({ line: 1, text: '', fault: 'is longer than any line can be' })
    expect(lines[1]).toMatchObject({ line: 2, startByte: long.length, entry: SAMPLE_ENTRIES[0] })
  })

  it('never throws, whatever stands there', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), async (noise) => {
        const lines = await read(noise, [7, 30, 31])
        for (const line of lines) expect('fault' in line || 'unknownType' in line).toBe(true)
      }),
    )
  })
})

describe('parseEntry', () => {
  it('knows every kind of line', () => {
    expect(new Set(SAMPLE_ENTRIES.map(({ type }) => type))).toEqual(
      new Set(['open', 'recording', 'gap', 'seam', 'discard', 'run', 'sealed', 'removed']),
    )
    expect(parseEntry('{"v":1,"type":"era","source":"s","run":"r"}')).toEqual({ unknownType: 'era' })
    expect(parseEntry('{"type":"constructor"}')).toEqual({ unknownType: 'constructor' })
  })

  it('takes no line without a field, nor with one of another kind', () => {
    const optional = new Set([
      'headerSha256',
      'title',
      'seq',
      'prerollFrames',
      'headerBytes',
      'driftPpm',
      'timeSteps',
      'seal',
    ])
    for (const entry of SAMPLE_ENTRIES) {
      for (const key of Object.keys(entry)) {
        const isOptional = optional.has(key) && !(entry.type === 'recording' && key !== 'headerSha256')
        const wrong: Record<string, unknown>[] = [
          { ...entry, [key]: {} },
          { ...entry, [key]: null },
          { ...entry, [key]: [null] },
        ]
        if (!isOptional) wrong.push(without(entry, key))
        if (typeof entry[key as keyof LedgerEntry] === 'number')
          wrong.push({ ...entry, [key]: '1' }, { ...entry, [key]: Infinity })
        for (const line of wrong) {
          const parsed = parseEntry(JSON.stringify(line))
          expect('entry' in parsed, `${entry.type}.${key}: ${JSON.stringify(line[key])}`).toBe(false)
        }
      }
    }
  })

  it('never throws at any JSON', () => {
    fc.assert(
      fc.property(fc.json(), (json) => {
        expect(parseEntry(json)).toBeDefined()
      }),
    )
  })
})

function without(entry: LedgerEntry, key: string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(entry).filter(([name]) => name !== key))
}
