import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, expect, it } from 'vitest'
import { CHECKER_TOOLS, checkFile, MPEG_2_5, VERBATIM_MP3 } from '../e2e/rig/checkers.js'
import { describeWithTools } from '../e2e/rig/require-tool.js'
import { runTool } from '../e2e/rig/run-tool.js'
import { tempDir } from '../e2e/rig/temp-dir.js'

/** A good file of each kind, made by the reference encoders. */
const makers: Readonly<Record<string, readonly string[]>> = {
  'good.mp3': ['ffmpeg', '-v', 'error', '-i', 'in.wav', '-b:a', '128k', 'good.mp3'],
  'good.aac': ['ffmpeg', '-v', 'error', '-i', 'in.wav', '-c:a', 'aac', '-aac_pns', '0', 'good.aac'],
  'good.ogg': ['oggenc', '-Q', '-o', 'good.ogg', 'in.wav'],
  'good.opus': ['opusenc', '--quiet', 'in.wav', 'good.opus'],
  'good.oga': ['flac', '-s', '--ogg', '-o', 'good.oga', 'in.wav'],
  'good.flac': ['flac', '-s', '-o', 'good.flac', 'in.wav'],
  'good.wav': ['sox', 'in.wav', 'good.wav'],
}

/** Who must notice bytes overwritten in the middle, and who must notice a missing end. */
const damaged: Readonly<Record<string, readonly string[]>> = {
  'good.mp3': ['ffmpeg', 'mp3val', 'mpg123', 'mp3check'],
  'good.aac': ['ffmpeg', 'faad', 'adts-walk'],
  'good.ogg': ['ffmpeg', 'ogginfo'],
  'good.opus': ['ffmpeg', 'ogginfo', 'opusinfo', 'opusdec'],
  'good.oga': ['ffmpeg', 'ogginfo', 'flac'],
  'good.flac': ['ffmpeg', 'flac'],
}
const truncated: Readonly<Record<string, readonly string[]>> = {
  'good.mp3': ['mp3val', 'mp3check'],
  'good.aac': ['adts-walk'],
  'good.ogg': ['oggz-validate', 'ogginfo'],
  'good.opus': ['oggz-validate', 'ogginfo', 'opusinfo'],
  'good.oga': ['oggz-validate', 'ogginfo'],
  'good.flac': ['ffmpeg', 'flac'],
  'good.wav': ['ffmpeg', 'sox'],
}

describeWithTools([...CHECKER_TOOLS, 'oggenc', 'opusenc'], 'the rig: checkers', () => {
  let folder: string

  beforeAll(async () => {
    folder = tempDir()
    const signal = 'aevalsrc=0.3*sin(2*PI*(200*t+300*t*t))+0.05*random(0):s=44100:d=3'
    const input = ['-v', 'error', '-f', 'lavfi', '-i', signal, '-ac', '2', '-bitexact', 'in.wav']
    for (const [command, ...args] of [['ffmpeg', ...input], ...Object.values(makers)]) {
      const inFolder = args.map((arg) => (/^(in|good)\./.test(arg) ? join(folder, arg) : arg))
      const { exitCode, output } = await runTool(command, inFolder)
      expect(exitCode, `${command}: ${output}`).toBe(0)
    }
  })

  const variant = async (name: string, as: string, change: (bytes: Buffer) => Buffer) => {
    const path = join(folder, name.replace('good', as))
    await writeFile(path, change(await readFile(join(folder, name))))
    return path
  }
  const checkersOf = async (path: string) => (await checkFile(path)).map(({ checker }) => checker)

  it.each(Object.keys(makers))('have nothing against %s', async (name) => {
    expect(await checkFile(join(folder, name))).toEqual([])
  })

  it.each(Object.keys(damaged))('notice overwritten bytes amid %s', async (name) => {
    const path = await variant(name, 'damaged', (bytes) => {
      const middle = bytes.length >> 1
      return Buffer.from(bytes.fill(0x5a, middle, middle + 500))
    })
    expect(await checkersOf(path)).toEqual(expect.arrayContaining([...damaged[name]]))
  })

  it.each(Object.keys(truncated))('notice the missing end of %s', async (name) => {
    const path = await variant(name, 'short', (bytes) => bytes.subarray(0, Math.floor(bytes.length * 0.6) | 1))
    expect(await checkersOf(path)).toEqual(expect.arrayContaining([...truncated[name]]))
  })

  it('notice what is no audio at all', async () => {
    const noise = Buffer.from(Array.from({ length: 4000 }, (_, at) => (at * at * 7) & 0x7f))
    for (const extension of ['mp3', 'aac', 'ogg', 'flac', 'wav']) {
      const path = join(folder, `noise.${extension}`)
      await writeFile(path, noise)
      const complaints = await checkFile(path)
      expect(complaints.length, JSON.stringify(complaints)).toBeGreaterThanOrEqual(2)
    }
    const oggdec = await variant('good.ogg', 'headless', (bytes) => bytes.fill(0x11, 60, 3000))
    expect(await checkersOf(oggdec)).toContain('oggdec')
  })

  it('notice a FLAC without a total', async () => {
    const path = await variant('good.flac', 'unknown', (bytes) => Buffer.from(bytes.fill(0, 22, 26)))
    expect(await checkersOf(path)).toContain('metaflac')
  })

  it('give a program that hangs no more than its time', async () => {
    const complaints = await checkFile(join(folder, 'good.flac'), { timeoutMs: 1 })
    expect(complaints.map(({ exitCode }) => exitCode)).toContain(-1)
  })

  it('allow a verbatim MP3 its missing tag, and nothing else', async () => {
    const cut = await variant('good.mp3', 'cut', (bytes) => {
      const frames = mp3Frames(bytes)
      return bytes.subarray(frames[30], frames[90])
    })
    expect(await checkersOf(cut)).toEqual(['mp3val'])
    expect(await checkFile(cut, { allow: VERBATIM_MP3 })).toEqual([])
    const torn = await variant('good.mp3', 'torn', (bytes) => {
      const frames = mp3Frames(bytes)
      return bytes.subarray(frames[30], frames[90] - 40)
    })
    expect((await checkFile(torn, { allow: VERBATIM_MP3 })).map(({ checker }) => checker)).toContain('mp3val')
  })

  it('allow words together with their exit code, and no other', async () => {
    const path = join(folder, 'low.mp3')
    const args = `-v error -i ${join(folder, 'in.wav')} -ar 8000 -ac 1 -b:a 8k ${path}`.split(' ')
    expect((await runTool('ffmpeg', args)).exitCode).toBe(0)
    expect(await checkersOf(path)).toEqual(['mp3check'])
    expect(await checkFile(path, { allow: MPEG_2_5 })).toEqual([])
    const withoutCode = MPEG_2_5.map((words) => ({ ...words, exitCode: 0 }))
    expect(await checkFile(path, { allow: withoutCode })).toMatchObject([
      { checker: 'mp3check', exitCode: 1, lines: [] },
    ])
  })

  it('refuse a file that none of them knows', async () => {
    await expect(checkFile(join(folder, 'x.xyz'))).rejects.toThrow('no checker knows')
  })
})

/** Offsets of the frames of a CBR 128 kb/s 44.1 kHz file. */
function mp3Frames(bytes: Buffer): number[] {
  const offsets: number[] = []
  for (let at = bytes.indexOf(Buffer.from([0xff, 0xfb])); at + 4 < bytes.length;) {
    offsets.push(at)
    at += 417 + ((bytes[at + 2] >> 1) & 1)
  }
  return offsets
}
