/**
 * Splits a recording in the middle of its silences, without re-encoding: the pieces hold everything once.
 *   node --import ./examples/ts-node.mjs examples/split-on-silence.ts recordings/programme.flac
 */
import { extname } from 'node:path'
import { Analyzer, ThresholdDetector, cut } from '@isr/core'

const [input] = process.argv.slice(2)
if (!input) {
  console.error('give a recording to split, of any format')
  process.exit(2)
}

// sound is what is above -40 dBFS; with less than 1.5 s of silence between, it stays together
const detector = new ThresholdDetector({ thresholdRms: 0.01, minGapSeconds: 1.5 })
const analyzer = new Analyzer({ detector, cache: false })
try {
  const { sections } = await analyzer.analyze(input)
  const middles = sections.slice(1).map(({ startSeconds }, index) => (sections[index].endSeconds + startSeconds) / 2)
  const bounds = [0, ...middles, Infinity]
  for (const [index, startSeconds] of bounds.slice(0, -1).entries()) {
    const extension = extname(input)
    const output = `${input.slice(0, -extension.length)}-${index + 1}${extension}`
    const piece = await cut({ input, output, startSeconds, endSeconds: bounds[index + 1] })
    console.log(`${output}: ${piece.startSeconds.toFixed(2)} to ${piece.endSeconds.toFixed(2)} s`)
  }
} catch (error) {
  console.error((error as Error).message)
  process.exitCode = 1
} finally {
  await analyzer.close()
}
