import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { missingTools } from '../../../../../tests/e2e/rig/require-tool.js'
import { wavOf } from '../../../../../tests/support/wav.js'
import { Editor } from '../../../src/station/editor/editor.js'
import { spectrogram } from '../../../src/station/files/spectrogram.js'

const folder = mkdtempSync(join(tmpdir(), 'isr-spectrum-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const RATE = 16_000
const SECONDS = 6
/** A tone that climbs, a click, and the noise of a generator that anybody can repeat. */
const samples = Int16Array.from({ length: RATE * SECONDS }, (_, at) => {
  const seconds = at / RATE
  const noise = ((at * 7919 + ((at * at) % 104_729)) % 2001) - 1000
  const click = at === 3 * RATE + 77 ? 20_000 : 0
  return Math.round(noise / 10 + click + 8000 * Math.sin(2 * Math.PI * (300 * seconds + 300 * seconds * seconds)))
})

/** The same in numpy, from the words of the documentation. */
const ORACLE = `
import json, sys, numpy
path, rate, start, end, columns, bands, low, high = sys.argv[1], *map(float, sys.argv[2:])
columns, bands = int(columns), int(bands)
sound = numpy.frombuffer(open(path, 'rb').read()[44:], '<i2') / 32768
size = 2 ** round(numpy.log2(rate * 0.04))
window = 0.5 - 0.5 * numpy.cos(2 * numpy.pi * numpy.arange(size) / size)
padded = numpy.concatenate([numpy.zeros(size), sound, numpy.zeros(size)])
edges = low * (high / low) ** (numpy.arange(bands + 1) / bands) / rate * size
middles = low * (high / low) ** ((numpy.arange(bands) + 0.5) / bands) / rate * size
each = max(1, int(numpy.ceil((end - start) / columns / (size / rate / 2))))
rows = []
for column in range(columns):
    loudest = numpy.full(bands, -1.0)
    for index in range(column * each, (column + 1) * each):
        middle = int(numpy.floor((start + (index + 0.5) * (end - start) / columns / each) * rate + 0.5))
        piece = padded[size + middle - size // 2 : size + middle + size // 2]
        power = numpy.abs(numpy.fft.rfft(piece * window) / (size / 4)) ** 2
        for band in range(bands):
            bins = [b for b in range(len(power)) if edges[band] <= b < edges[band + 1]]
            found = max(power[bins]) if bins else numpy.interp(middles[band], numpy.arange(len(power)), power)
            loudest[band] = max(loudest[band], found)
    rows.append(list(10 * numpy.log10(numpy.maximum(loudest, 1e-20))))
print(json.dumps(rows))
`

describe.skipIf(missingTools(['python3', 'ffmpeg']).length > 0)('a spectrogram', () => {
  const path = join(folder, 'climbing.wav')
  writeFileSync(path, wavOf(samples, RATE))
  const expected = (start: number, end: number, columns: number, bands: number): number[][] => {
    const numbers = [RATE, start, end, columns, bands, 40, RATE / 2].map(String)
    return JSON.parse(execFileSync('python3', ['-c', ORACLE, path, ...numbers]).toString()) as number[][]
  }
  const code = (db: number) => Math.min(255, Math.max(1, 255 + 2 * db))

  for (const [startSeconds, endSeconds, columns, bands] of [
    [0, SECONDS, 40, 96],
    [2.9, 3.1, 60, 200],
    [1, 1.02, 7, 16],
  ]) {
    it(`is what numpy makes of the same samples: ${columns} x ${bands} of ${startSeconds} to ${endSeconds} s`, async () => {
      const found = await spectrogram({ input: path, startSeconds, endSeconds, columns, bands })
      expect(found).toMatchObject({ columns, bands, lowestHz: 40, highestHz: RATE / 2, isSampled: false })
      const wanted = expected(startSeconds, endSeconds, columns, bands)
      let most = 0
      for (let column = 0; column < columns; column++)
        for (let band = 0; band < bands; band++) {
          const level = found.levels[(bands - 1 - band) * columns + column]
          most = Math.max(most, Math.abs(level - code(wanted[column][band])))
        }
      // half a step of rounding
      expect(most).toBeLessThanOrEqual(0.51)
    })
  }

  it('has no colour where there is no audio', async () => {
    const bands = 8
    const { levels } = await spectrogram({ input: path, startSeconds: 0, endSeconds: 12, columns: 12, bands })
    const columnOf = (column: number) => Array.from({ length: bands }, (_, row) => levels[row * 12 + column])
    for (let column = 0; column < 12; column++)
      expect(columnOf(column).every((level) => (column < SECONDS ? level > 0 : level === 0))).toBe(true)
  })

  it('looks at places of what is long, and finds the tone of each column, in every format', async () => {
    const tones = [500, 1000, 2000, 4000]
    const filter = tones.map((hz) => `sine=${hz}:d=40:r=44100[s${hz}]`).join(';')
    const inputs = tones.map((hz) => `[s${hz}]`).join('')
    for (const [extension, codec] of [
      ['flac', ['-c:a', 'flac']],
      ['mp3', ['-c:a', 'libmp3lame', '-b:a', '64k']],
      ['ogg', ['-c:a', 'libvorbis']],
    ] as const) {
      const input = join(folder, `tones.${extension}`)
      const graph = `${filter};${inputs}concat=n=4:v=0:a=1`
      execFileSync('ffmpeg', ['-v', 'error', '-filter_complex', graph, ...codec, input])
      const { levels, isSampled } = await spectrogram({
        input,
        startSeconds: 0,
        endSeconds: 160,
        columns: 40,
        bands: 60,
      })
      expect(isSampled).toBe(true)
      for (let column = 0; column < 40; column++) {
        const of = Array.from({ length: 60 }, (_, band) => levels[(59 - band) * 40 + column])
        const loudest = of.indexOf(Math.max(...of))
        const low = 40 * (22_050 / 40) ** (loudest / 60)
        const hz = tones[Math.floor(column / 10)]
        // within a band or a bin
        expect(Math.abs(low * (22_050 / 40) ** (0.5 / 60) - hz), `${extension}, column ${column}`).toBeLessThan(
          hz * 0.08,
        )
      }
    }
  })

  it('is made in a thread, and stopped there', async () => {
    await using editor = new Editor()
    const shape = { input: path, startSeconds: 0, endSeconds: SECONDS, columns: 20, bands: 20 }
    expect(await editor.run('spectrogram', shape)).toEqual(await spectrogram(shape))
    await expect(editor.run('spectrogram', shape, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'ISR_STOPPED',
    })
  })

  it('refuses shapes that are none', async () => {
    const shape = { input: path, startSeconds: 0, endSeconds: 1, columns: 1, bands: 1 }
    for (const wrong of [
      { columns: 0 },
      { columns: 1.5 },
      { bands: 0 },
      { lowestHz: 0 },
      { lowestHz: 9000 },
      { endSeconds: Infinity },
    ])
      await expect(spectrogram({ ...shape, ...wrong })).rejects.toMatchObject({ code: 'ISR_ARGUMENT_INVALID' })
  })
})
