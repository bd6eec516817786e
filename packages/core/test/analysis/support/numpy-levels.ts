import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { python } from '../../support/python.js'

/** Interleaved little-endian PCM for numpy. */
export interface OracleCase {
  /** `u8`, `s16`, `s24`, `s32`, `f32`, `f64`. */
  readonly format: string
  readonly rate: number
  readonly channels: number
  readonly bytes: Uint8Array
}

/** Levels in windows of 100 ms, window by window and channel by channel. */
export interface OracleLevels {
  readonly rms: readonly number[]
  readonly peak: readonly number[]
}

const PROGRAM = `
import sys, json, numpy
answers = []
for case in json.load(sys.stdin):
    raw = open(case['path'], 'rb').read()
    kind, rate, channels = case['format'], case['rate'], case['channels']
    if kind == 'u8': x = (numpy.frombuffer(raw, 'u1').astype('f8') - 128) / 2**7
    if kind == 's16': x = numpy.frombuffer(raw, '<i2').astype('f8') / 2**15
    if kind == 's24':
        b = numpy.frombuffer(raw, 'u1').reshape(-1, 3).astype('i8')
        v = b[:, 0] | b[:, 1] << 8 | b[:, 2] << 16
        x = numpy.where(v >= 2**23, v - 2**24, v).astype('f8') / 2**23
    if kind == 's32': x = numpy.frombuffer(raw, '<i4').astype('f8') / 2**31
    if kind == 'f32': x = numpy.frombuffer(raw, '<f4').astype('f8')
    if kind == 'f64': x = numpy.frombuffer(raw, '<f8')
    x = x.reshape(-1, channels)
    rms, peak, k = [], [], 0
    while k * rate // 10 < len(x):
        w = x[k * rate // 10 : (k + 1) * rate // 10]
        rms += list(numpy.sqrt((w ** 2).mean(axis=0)))
        peak += list(numpy.abs(w).max(axis=0))
        k += 1
    answers.append({'rms': rms, 'peak': peak})
json.dump(answers, sys.stdout)
`

/** What numpy says, in double precision. */
export function numpyLevels(cases: readonly OracleCase[]): OracleLevels[] {
  const folder = mkdtempSync(join(tmpdir(), 'isr-levels-'))
  try {
    const input = cases.map(({ bytes, ...rest }, index) => {
      const path = join(folder, String(index))
      writeFileSync(path, bytes)
      return { ...rest, path }
    })
    return python(PROGRAM, input)
  } finally {
    rmSync(folder, { recursive: true })
  }
}
