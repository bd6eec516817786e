import { closeSync, ftruncateSync, mkdirSync, mkdtempSync, openSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const HOUR_MS = 3_600_000
const BYTES = 57_600_000

/** A folder of so many recordings of an hour, with the ledger of the recorder that made them. Files have holes instead of audio. */
export function folderOf(count) {
  const directory = mkdtempSync(join(tmpdir(), 'isr-bench-serving-'))
  const first = Date.UTC(2015, 0, 1)
  const lines = []
  for (let index = 0; index < count; index++) {
    const at = new Date(first + index * HOUR_MS).toISOString()
    const name = `garden_${at.slice(0, 19).replaceAll(':', '-')}.mp3`
    lines.push(JSON.stringify(recordingLine(name, at, index)))
    const file = openSync(join(directory, name), 'w')
    ftruncateSync(file, BYTES)
    closeSync(file)
  }
  mkdirSync(join(directory, '.isr'))
  writeFileSync(join(directory, '.isr', 'ledger.jsonl'), `${lines.join('\n')}\n`)
  return directory
}

/** The same with one recording, whose bytes are there. */
export function folderWithFile(bytes) {
  const directory = folderOf(1)
  const file = openSync(join(directory, 'big.mp3'), 'w')
  const block = Buffer.alloc(1 << 20, 'recorded')
  for (let at = 0; at < bytes; at += block.length) writeSync(file, block)
  closeSync(file)
  const line = { ...recordingLine('big.mp3', new Date(Date.UTC(2020, 0, 1)).toISOString(), 0), bytes }
  writeFileSync(join(directory, '.isr', 'ledger.jsonl'), `${JSON.stringify(line)}\n`)
  return directory
}

function recordingLine(name, startedAt, seq) {
  return {
    v: 1,
    type: 'recording',
    source: 'garden',
    run: '20150101T000000-0001',
    name,
    startedAt,
    utcOffset: '+00:00',
    format: 'mp3',
    codec: 'mp3',
    sampleRate: 44_100,
    channels: 2,
    seq,
    samples: 158_760_000,
    durationSeconds: 3600,
    bytes: BYTES,
    headerBytes: 0,
    receivedBytes: BYTES,
    sha256: 'ab'.repeat(32),
    headerSha256: 'cd'.repeat(32),
    frames: 137_813,
    prerollFrames: 0,
    prerollSamples: 0,
    closedBy: 'boundary',
    titles: [],
  }
}
