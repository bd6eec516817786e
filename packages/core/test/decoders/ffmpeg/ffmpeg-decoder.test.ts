import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeWithTools } from '../../../../../tests/e2e/rig/require-tool.js'
import type { EncodedAudio } from '../../../src/decoders/decoder.js'
import { ffmpegArguments } from '../../../src/decoders/ffmpeg/arguments.js'
import { FfmpegDecoder } from '../../../src/decoders/ffmpeg/ffmpeg-decoder.js'
import { findProgram } from '../../../src/decoders/ffmpeg/find-program.js'

describeWithTools(['ffmpeg'], 'FfmpegDecoder', () => {
  const folder = mkdtempSync(join(tmpdir(), 'isr-ffmpeg-'))
  const mp3 = join(folder, '-i file:x.mp3')
  let decoder: FfmpegDecoder
  beforeAll(async () => {
    decoder = (await FfmpegDecoder.find())!
    const make = ['-nostdin', '-v', 'error', '-f', 'lavfi', '-i', 'sine=d=2', '-f', 'mp3', `file:${mp3}`]
    execFileSync('ffmpeg', make)
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  async function decode(audio: EncodedAudio, by = decoder, signal?: AbortSignal): Promise<Buffer> {
    const parts: Uint8Array[] = []
    for await (const part of by.decode(audio, signal)) parts.push(part)
    return Buffer.concat(parts)
  }

  /** A program that stands for ffmpeg. */
  function fake(script: string): FfmpegDecoder {
    const path = join(folder, `fake-${Math.random()}`)
    writeFileSync(path, `#!/bin/bash\n${script}\n`)
    chmodSync(path, 0o755)
    return new FfmpegDecoder(path)
  }

  it('gives floats as WAV, from a file of any name and from bytes', async () => {
    const wav = await decode({ container: 'mp3', from: mp3 })
    expect(wav.toString('latin1', 0, 4)).toBe('RIFF')
    expect(wav.readUInt16LE(44)).toBe(3) // floats, in an extensible header
    const bytes = readFileSync(mp3)
    const stream = (async function* () {
      for (let at = 0; at < bytes.length; at += 1000) yield await Promise.resolve(bytes.subarray(at, at + 1000))
    })()
    // of a stream it cannot tell where its padding begins
    expect((await decode({ container: 'mp3', from: stream })).subarray(0, wav.length).equals(wav)).toBe(true)
  })

  it('hands over nothing of a user but an absolute path', () => {
    const split = (from: string) => {
      const args = ffmpegArguments({ container: 'mp3', from })
      const at = args.indexOf('-i') + 1
      return { named: args[at], rest: args.filter((_, index) => index !== at) }
    }
    const { rest } = split('harmless.mp3')
    expect(rest.join(' ')).toContain('-nostdin')
    expect(rest.join(' ')).toContain('-protocol_whitelist file,pipe -f mp3 -i')
    for (const from of ['-y', '-i', 'concat:a|b', 'http://example.org/x', '|touch x', '%03d.mp3', '../a b']) {
      expect(split(from).rest).toEqual(rest)
      expect(split(from).named).toMatch(/^file:\//)
    }
  })

  it('reads no other file, whatever a recording says', async () => {
    const secret = join(folder, 'secret.mp3')
    writeFileSync(secret, readFileSync(mp3))
    const playlists = {
      hls: `#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\n${secret}\n#EXT-X-ENDLIST\n`,
      concat: `ffconcat version 1.0\nfile '${secret}'\n`,
    }
    for (const [name, text] of Object.entries(playlists)) {
      const path = join(folder, `${name}.mp3`)
      writeFileSync(path, text)
      await expect(decode({ container: 'mp3', from: path }), name).rejects.toMatchObject({ code: 'ISR_DECODE_FAILED' })
    }
  })

  it('fails with the words of the program, without the path', async () => {
    const text = join(folder, 'text.ogg')
    writeFileSync(text, 'no audio')
    const failure = decode({ container: 'ogg', from: text })
    await expect(failure).rejects.toMatchObject({ code: 'ISR_DECODE_FAILED' })
    await expect(failure).rejects.toThrow(/^ffmpeg ended by code \d+: /)
    await expect(failure).rejects.not.toThrow(folder)
    await expect(decode({ container: 'mp3', from: mp3 }, fake('exit 0'))).rejects.toThrow('found no audio')
    const gone = new FfmpegDecoder(join(folder, 'gone'))
    await expect(decode({ container: 'mp3', from: mp3 }, gone)).rejects.toThrow('cannot be started')
    const input = (async function* () {
      yield await Promise.resolve(Buffer.alloc(10))
      throw new Error('the volume failed')
    })()
    await expect(decode({ container: 'mp3', from: input }, fake('cat'))).rejects.toThrow('the volume failed')
  })

  it('ends the program when nobody listens any more', async () => {
    const pidFile = join(folder, 'pid')
    const endless = fake(`echo $$ > ${pidFile}; exec cat /dev/zero`)
    const isAlive = () => {
      try {
        process.kill(Number(readFileSync(pidFile, 'utf8')), 0)
        return true
      } catch {
        return false
      }
    }
    const gone = async () => {
      for (let turn = 0; turn < 200 && isAlive(); turn++) await new Promise((resolve) => setTimeout(resolve, 10))
      return !isAlive()
    }
    for await (const part of endless.decode({ container: 'mp3', from: mp3 })) {
      expect(part.length).toBeGreaterThan(0)
      break
    }
    expect(await gone()).toBe(true)
    const stop = new AbortController()
    const stopped = decode({ container: 'mp3', from: mp3 }, fake(`echo $$ > ${pidFile}; exec sleep 60`), stop.signal)
    setTimeout(() => stop.abort(), 50)
    await expect(stopped).rejects.toMatchObject({ code: 'ISR_STOPPED' })
    expect(await gone()).toBe(true)
  })

  it('is found in absolute folders of PATH alone', async () => {
    const bin = join(folder, 'bin')
    mkdirSync(bin)
    writeFileSync(join(bin, 'ffmpeg'), '')
    expect(await findProgram('ffmpeg', ['', '.', 'bin', bin].join(delimiter))).toBeUndefined()
    chmodSync(join(bin, 'ffmpeg'), 0o755)
    expect(await findProgram('ffmpeg', ['', '.', 'bin', bin].join(delimiter))).toBe(join(bin, 'ffmpeg'))
    expect(await FfmpegDecoder.find('')).toBeUndefined()
    expect(await FfmpegDecoder.find()).toBeDefined()
  })
})
