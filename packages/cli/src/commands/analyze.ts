import { statSync } from 'node:fs'
import { join } from 'node:path'
import { AdaptiveDetector, Analyzer, analysisToJson, IsrError, ThresholdDetector, type Detector } from '@isr/core'
import { InvalidArgumentError } from 'commander'
import { printError } from '../output/errors.js'
import { ProgressLine } from './archive/progress-line.js'
import { showAnalysis } from './analyze/show-analysis.js'
import type { AddCommand, CommandContext } from './command.js'

interface Flags {
  readonly threshold?: number
  readonly minGap?: number
  readonly top?: number
  readonly loudness?: boolean
  readonly json?: boolean
  readonly cache: boolean
}

const HELP = `
A section is what stands out from its background by 12 dB: --threshold T takes a fixed level instead, where 1 is full
scale and 0.05 is -26 dBFS. What was measured while it was recorded is not read again; results are kept in the folder
analyses of the recordings. AAC needs ffmpeg; MP3, Vorbis and Opus are quicker with it.

Exits with 0 when done, 1 when a file could not be analysed, 2 when the call is wrong.

Examples:
  isr analyze recordings/rec_20261122_170000.ogg --top 10
  isr analyze recordings/*.wav --threshold 0.1 --min-gap 5 --json`

/** `isr analyze FILE...` */
export const addAnalyze: AddCommand = (program, context) => {
  program
    .command('analyze')
    .description('find what matters in recordings')
    .argument('<file...>', 'recordings')
    .option('--threshold <t>', 'RMS above which it is loud, 0 to 1 (default: follow the background)', number)
    .option('--min-gap <s>', 'seconds of quiet that part two sections (default: 2)', number)
    .option('--top <n>', 'the best sections only, the best first', wholeNumber)
    .option('--loudness', 'loudness, too: EBU R 128')
    .option('--json', 'one JSON line for each file on standard output')
    .option('--no-cache', 'decode everything anew, and keep nothing')
    .addHelpText('after', HELP)
    .action(async (files: readonly string[], flags: Flags) => {
      await analyze(files, flags, context)
    })
}

async function analyze(files: readonly string[], flags: Flags, { io, finish }: CommandContext): Promise<void> {
  const detector = detectorOf(flags)
  const analyzer = new Analyzer({ cache: flags.cache })
  const progress = new ProgressLine(io)
  const stop = new AbortController()
  const silence = io.listen({
    // a second one ends at once
    onSignal: () => (stop.signal.aborted ? io.exit(1) : stop.abort()),
    onFatal: (error) => {
      printError(io.stderr, error instanceof Error ? error.message : String(error))
      io.exit(1)
    },
  })
  try {
    for (const file of files) {
      try {
        const analysis = await analyzer.analyze(file, {
          detector,
          loudness: flags.loudness === true,
          signal: stop.signal,
          onProgress: ({ doneSeconds, totalSeconds }) => progress.show(doneSeconds, totalSeconds || Infinity, file),
        })
        progress.clear()
        if (flags.json) io.stdout.write(`${JSON.stringify({ file, ...analysisToJson(analysis) })}\n`)
        else showAnalysis(io.stdout, file, analysis, flags.top)
      } catch (error) {
        if (!(error instanceof IsrError)) throw error
        progress.clear()
        finish(1)
        printError(io.stderr, wordsOf(error, file))
        if (stop.signal.aborted) break
      }
    }
  } finally {
    silence()
    await analyzer.close()
  }
}

function wordsOf({ message }: IsrError, file: string): string {
  if (statSync(file, { throwIfNoEntry: false })?.isDirectory())
    return `${file} is a folder: name the recordings in it, such as ${join(file, '*.mp3')}`
  return message.includes(file) ? message : `${file}: ${message}`
}

/** @throws {@link IsrError} `ISR_ARGUMENT_INVALID` */
function detectorOf({ threshold, minGap }: Flags): Detector {
  const gap = minGap === undefined ? {} : { minGapSeconds: minGap }
  return threshold === undefined
    ? new AdaptiveDetector(gap)
    : new ThresholdDetector({ thresholdRms: threshold, ...gap })
}

function number(text: string): number {
  if (/^\d*\.?\d+$/.test(text)) return Number(text)
  throw new InvalidArgumentError('Write a number such as 0.05.')
}

function wholeNumber(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('Write a whole number from 1 on.')
}
