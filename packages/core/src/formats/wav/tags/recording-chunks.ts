import { concatBytes } from '../../../bytes/concat.js'
import type { RecordingFacts } from '../../tags/file-tags.js'
import { buildChunk } from '../riff.js'

const BEXT_BYTES = 602
const SOFTWARE = 'ISR'
const encoder = new TextEncoder()

/**
 * The `bext` chunk, which editors and archives read: when the first sample was, in local time, and where from; the reference
 * `ISR_START` has it in UTC. Its text is ASCII; other characters become `?` (the LIST chunk has them in full).
 * @source EBU Tech 3285 §2.3
 */
export function buildBext(facts: RecordingFacts, sampleRateHz: number): Uint8Array {
  const body = new Uint8Array(BEXT_BYTES)
  const view = new DataView(body.buffer)
  const { date, startMicroseconds, source, title } = facts
  writeAscii(body, 0, 256, title === undefined ? source : `${source}: ${title}`)
  writeAscii(body, 256, 32, SOFTWARE)
  view.setUint16(346, 1, true)
  if (startMicroseconds !== undefined) writeAscii(body, 288, 32, `ISR_START=${startMicroseconds}`)
  if (date === undefined) return buildChunk('bext', body)
  const [hours, minutes, seconds] = date.slice(11, 23).split(':').map(Number)
  const samples = Math.round((hours * 3600 + minutes * 60 + seconds) * sampleRateHz)
  writeAscii(body, 320, 10, date.slice(0, 10))
  writeAscii(body, 330, 8, date.slice(11, 19))
  view.setUint32(338, samples % 2 ** 32, true)
  view.setUint32(342, Math.floor(samples / 2 ** 32), true)
  return buildChunk('bext', body)
}

/** The `LIST INFO` chunk: title, source, moment of the first sample, software; UTF-8. */
export function buildInfo({ title, source, date }: RecordingFacts): Uint8Array {
  const parts: Uint8Array[] = [encoder.encode('INFO')]
  const add = (name: string, text: string) => parts.push(buildChunk(name, encoder.encode(`${text}\0`)))
  if (title !== undefined) add('INAM', title)
  add('ISRC', source)
  if (date !== undefined) add('ICRD', date)
  add('ISFT', SOFTWARE)
  return buildChunk('LIST', concatBytes(parts))
}

function writeAscii(out: Uint8Array, offset: number, length: number, text: string): void {
  const ascii = text.replace(/[^\x20-\x7e]/gu, '?')
  for (let index = 0; index < Math.min(length, ascii.length); index++) out[offset + index] = ascii.charCodeAt(index)
}
