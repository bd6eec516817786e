import { execFileSync } from 'node:child_process'

/** What ffmpeg says of a file. */
export interface Ebur128 {
  readonly integratedLufs: number
  readonly rangeLu: number
  readonly momentaryMaxLufs: number
  readonly shortTermMaxLufs: number
  readonly truePeakDbtp: number
}

/** Loudness of an audio file by ffmpeg's `ebur128`, to a thousandth; `before` are filters that come first. */
export function ebur128(path: string, before = ''): Ebur128 {
  const filters = `${before}ebur128=metadata=1:peak=true,ametadata=print:file=-`
  const args = ['-nostdin', '-v', 'error', '-i', path, '-af', filters, '-f', 'null', '-']
  const lines = execFileSync('ffmpeg', args, { encoding: 'utf8', maxBuffer: 1 << 28 }).split('\n')
  const values = (key: string) =>
    lines.flatMap((line) => (line.startsWith(`lavfi.r128.${key}=`) ? [Number(line.split('=')[1])] : []))
  const peaks = lines.flatMap((line) =>
    /^lavfi\.r128\.true_peaks_ch\d+=/.test(line) ? [Number(line.split('=')[1])] : [],
  )
  return {
    integratedLufs: values('I').at(-1) ?? NaN,
    rangeLu: values('LRA').at(-1) ?? NaN,
    momentaryMaxLufs: Math.max(...values('M')),
    shortTermMaxLufs: Math.max(...values('S')),
    truePeakDbtp: 20 * Math.log10(Math.max(...peaks)),
  }
}
