import { execFileSync } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { SignalSource, systemClock } from '@isr/core'
import { FaultServer } from '@isr/core/testing'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { decodePcm } from './rig/probe.js'
import { describeWithTools } from './rig/require-tool.js'
import { runTool } from './rig/run-tool.js'
import { tempDir } from './rig/temp-dir.js'
import { waitUntil } from './rig/wait-until.js'
import { startIsr } from './support/isr.js'
import { readLedger } from './support/ledger-file.js'
import { mp3Programme, onAir } from './support/on-air.js'

/** Each is a recording that is killed after another random while, with the clock's second and all names the same. */
const KILLS = 3
const SPLIT_SECONDS = 2.4
const MP3_FRAME_BYTES = 209
const DEMO_BYTES_PER_SECOND = 44_100 * 4
/**
 * What may be lost at most: frames wait half a second at the start of a run, and for a flush of the disk under way, which takes as
 * long as the other tests let it. How little it is otherwise, `faults/kill.test.ts` measures.
 */
const LOST_SECONDS = 2
/** What an encoder waits with, and a chunk that came in between the writes of two sources. */
const BLOCK_BYTES = 4096 * 4
const CHUNK_BYTES = DEMO_BYTES_PER_SECOND / 10

describeWithTools(['ffmpeg', 'flac', 'mpg123', 'sox'], 'a recorder that is killed', () => {
  const folder = tempDir('isr-kill-')
  const recordings = join(folder, 'recordings')
  let server: FaultServer
  let demo: Buffer

  const pathOf = (name: string) => join(recordings, name)
  /** Audio behind the header: of a verbatim MP3 the whole file, of FLAC the samples. */
  const audioOf = (name: string) => {
    const file = readFileSync(pathOf(name))
    if (name.endsWith('.flac')) return decodeFlac(pathOf(name))
    return name.endsWith('.wav') ? file.subarray(file.indexOf('data') + 8) : file
  }
  /**
   * Names of the files that were begun since, of one source, in the order of their audio: that of the ledger. By the times of their opening a first
   * file of some milliseconds may seem to follow the second one, because the time of the first sample was not known yet.
   */
  const filesOf = (source: string, known: ReadonlySet<string>) => {
    const begun = readLedger(recordings).opens.filter((line) => line.source === source && !known.has(line.name))
    return [...new Set(begun.map(({ name }) => name))]
  }

  beforeAll(async () => {
    // frames that come again behind a kill are recognised, and not recorded twice: each recording hears something else
    const programmes = Array.from({ length: KILLS }, (_, kill) => onAir(mp3Programme(20, '64k', kill)))
    server = await FaultServer.start(programmes)
    demo = await demoAudio(12)
    // one name for all: each file must find a name of its own
    const general = `output_directory = ${recordings}\nsplit_minutes = ${SPLIT_SECONDS / 60}\nsplit_join = verbatim`
    const signals = ['wav', 'flac'].map((format) => `[${format}]\ntype = signal\nformat = ${format}\n`)
    const named = signals
      .map((section, index) => `${section}filename_pattern = ${['demo', 'encoded'][index]}\n`)
      .join('')
    const sources = `${named}[radio]\nurl = ${server.url}\nfilename_pattern = radio\n`
    await writeFile(join(folder, 'config.ini'), `[general]\nlog_file =\n${general}\n${sources}`)
  })
  afterAll(() => server?.close())

  /** Records, kills after `delayMs`. @returns what had been received, in seconds of wall time and in bytes, a second before */
  async function recordAndKill(delayMs: number): Promise<{ demoSeconds: number; sent: Uint8Array; bytes: number }> {
    const index = server.connections.length
    const isr = await startIsr(['record', 'config.ini'], { cwd: folder })
    const connection = await server.connection(index)
    await waitUntil('all', () =>
      ['demo', 'encoded', 'radio'].every((name) => isr.output().includes(`recording ${name}`)),
    )
    const began = performance.now()
    await new Promise((resolve) => setTimeout(resolve, delayMs))
    const bytes = connection.sentBody.length
    await new Promise((resolve) => setTimeout(resolve, LOST_SECONDS * 1000))
    const demoSeconds = (performance.now() - began) / 1000 - LOST_SECONDS
    expect(await isr.stop('SIGKILL')).toBe(-1)
    return { demoSeconds, sent: connection.sentBody, bytes }
  }

  it('loses no more than the last seconds, whenever it happens; what it leaves plays, and is never overwritten', async () => {
    const known = new Set<string>()
    const kept = new Map<string, Buffer>()
    for (let kill = 0; kill < KILLS; kill++) {
      const delayMs = Math.round(Math.random() * 2 * SPLIT_SECONDS * 1000 * (kill / KILLS))
      const { demoSeconds, sent, bytes } = await recordAndKill(delayMs)
      const when = `killed ${delayMs} ms after the start of files`
      const [radio, demos, encoded] = ['radio', 'wav', 'flac'].map((source) => filesOf(source, known))

      const heard = Buffer.concat(radio.map(audioOf))
      expect(heard.length, when).toBeGreaterThanOrEqual(bytes - MP3_FRAME_BYTES)
      expect(heard.equals(sent.subarray(0, heard.length)), when).toBe(true)
      const played = Buffer.concat(demos.map(audioOf))
      expect(played.length / DEMO_BYTES_PER_SECOND, when).toBeGreaterThanOrEqual(demoSeconds)
      expect(played.equals(demo.subarray(0, played.length)), when).toBe(true)
      // FLAC loses no more than WAV beside it, but for one block
      const decoded = Buffer.concat(encoded.map(audioOf))
      expect(decoded.length, when).toBeGreaterThanOrEqual(played.length - BLOCK_BYTES - CHUNK_BYTES)
      expect(decoded.equals(demo.subarray(0, decoded.length)), when).toBe(true)

      for (const name of [...radio, ...demos, ...encoded]) {
        const audio = audioOf(name)
        await expectPlays(pathOf(name), audio.length)
        // one without a frame is taken away by the next start, and its name is free
        if (audio.length === 0) continue
        known.add(name)
        kept.set(name, audio)
      }
    }
    // what a kill left may have been finished by the next start; its audio is as it was
    expect(known.size).toBeGreaterThanOrEqual(3 * KILLS)
    for (const [name, audio] of kept) {
      expect(audioOf(name).subarray(0, audio.length).equals(audio), name).toBe(true)
    }
    const names = [...known]
    expect(names).toContain('radio.mp3')
    expect(names).toContain(`radio_${KILLS - 1}.mp3`)
    expect(names).toContain(`demo_${KILLS - 1}.wav`)
    expect(names).toContain(`encoded_${KILLS - 1}.flac`)
  })
})

/** What the demo sounds like, from its first sample on. */
async function demoAudio(seconds: number): Promise<Buffer> {
  const source = new SignalSource({ pace: 'unpaced', durationSeconds: seconds })
  await using connection = await source.connect({ signal: new AbortController().signal, clock: systemClock })
  const parts: Uint8Array[] = []
  for await (const { bytes } of connection) parts.push(bytes)
  return Buffer.concat(parts)
}

/** The samples of a FLAC file that was perhaps never finished; none when not even its first frame was. */
function decodeFlac(path: string): Buffer {
  // made, and killed before its head was written: the next start takes it away
  if (statSync(path).size === 0) return Buffer.alloc(0)
  const raw = ['-s', '-d', '-c', '--force-raw-format', '--endian=little', '--sign=signed', path]
  return execFileSync('flac', raw, { stdio: 'pipe', maxBuffer: 1 << 28 })
}

/** Players take an unfinished file to its end; they may say that its size is not known. */
async function expectPlays(path: string, audioBytes: number): Promise<void> {
  if (audioBytes < DEMO_BYTES_PER_SECOND / 20) return // too short for any player to recognize
  if (path.endsWith('.flac')) {
    expect((await decodePcm(path)).length, path).toBe(audioBytes)
  } else if (path.endsWith('.wav')) {
    expect((await decodePcm(path)).length, path).toBe(audioBytes)
    const { exitCode, output } = await runTool('sox', [path, '-n'])
    expect(exitCode, output).toBe(0)
    expect(output.replace(/^sox WARN wav: Premature EOF on .wav input file\n/, ''), path).toBe('')
  } else {
    const frames = audioBytes / MP3_FRAME_BYTES
    const samples = (await decodePcm(path)).length / 4
    expect(Math.abs(samples / 1152 - frames), path).toBeLessThan(2)
    const { exitCode, output } = await runTool('mpg123', ['-t', path])
    expect(exitCode, output).toBe(0)
    expect(output, path).toMatch(/Decoding of .* finished/)
    expect(output, path).not.toMatch(/error|warning/i)
  }
}
