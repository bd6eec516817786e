// What the detectors find of hours of made-up recordings of which all is known; tables of docs/detectors.md. Needs espeak-ng.
// ISR_CORPUS=tuning: on the recordings that a detector may be worked on with, not those that the published figures are of.
import '../../../examples/ts-node.mjs'
import { AdaptiveDetector, HIGHLIGHT_SCORE_DB, highlights, ThresholdDetector, topSections } from '@isr/core'
import { cpuSeconds } from './lib/cpu.mjs'

const corpusFolder = '../test/analysis/detectors/corpus'
const { corpus, HELD_OUT_SEEDS, TUNING_SEEDS } = await import(`${corpusFolder}/corpus.ts`)
const { judge, precision, recall, total } = await import(`${corpusFolder}/judge.ts`)

const RECALL = 0.95
const PRECISION = 0.9
const seeds = process.env.ISR_CORPUS === 'tuning' ? TUNING_SEEDS : HELD_OUT_SEEDS

const adaptive = new AdaptiveDetector()
const threshold = (thresholdRms) => {
  const detector = new ThresholdDetector({ thresholdRms })
  return { name: `threshold ${thresholdRms}`, sections: (rms) => detect(detector, rms) }
}
const ways = [
  { name: `adaptive, highlights`, sections: (rms) => highlights(detect(adaptive, rms)) },
  { name: 'adaptive, all', sections: (rms) => detect(adaptive, rms) },
  ...[0.01, 0.02, 0.05, 0.1].map(threshold),
]

const scenes = corpus(seeds)
const files = scenes.flatMap((one) => one.files)
const hours = files.reduce((sum, { rms }) => sum + rms.length, 0) / 36_000
console.log(
  `\n${hours.toFixed(1)} h in ${files.length} files, seeds ${seeds.join(' ')}. Highlights: ${HIGHLIGHT_SCORE_DB} dB and up`,
)
console.log('Recall / precision\n')
printRow(['scene', 'events', ...ways.map(({ name }) => name)])
printRow(Array(ways.length + 2).fill('---'))
for (const { scene, files } of scenes) printTallies(scene.name, files)
const [best] = printTallies('**all**', files)
printKinds()
printOtherWays()
printFaint()
await printCost()
if (recall(best) < RECALL || precision(best) < PRECISION) {
  console.log(`\nUnder the bar: recall ${RECALL}, precision ${PRECISION}`)
  process.exitCode = 1
}

function detect(detector, rms) {
  const detection = detector.start()
  detection.push(rms)
  return detection.finish()
}

function printTallies(name, some) {
  const tallies = ways.map(({ sections }) => total(some.map((file) => judge(file, sections(file.rms)))))
  const cells = tallies.map((tally) => `${recall(tally).toFixed(3)} / ${precision(tally).toFixed(3)}`)
  printRow([name, tallies[0].events, ...cells])
  return tallies
}

function printKinds() {
  console.log('\nFound of each kind, as highlights\n')
  const verdicts = files.flatMap((file) => judge(file, ways[0].sections(file.rms)).verdicts)
  const kinds = [...new Set(verdicts.map(({ event }) => event.kind))].map((kind) => [
    kind,
    ({ event }) => event.kind === kind,
  ])
  printRow(['kind', 'events', 'recall'])
  printRow(['---', '---', '---'])
  for (const [name, is] of [...kinds, ['cut by a split', ({ event }) => event.cut]]) {
    const some = verdicts.filter(is)
    printRow([name, some.length, (some.filter(({ found }) => found).length / some.length).toFixed(3)])
  }
}

function printOtherWays() {
  const sum = (judged) => total(files.map(judged))
  const found = (file) => highlights(detect(adaptive, file.rms))
  const isRight = (file) => (section) => judge(file, [section]).right === 1
  const strict = sum((file) => judge(file, found(file).filter(isRight(file))))
  const ranked = sum((file) => judge(file, topSections(detect(adaptive, file.rms), file.events.length)))
  console.log(`\nHighlights, when only right ones can find: recall ${recall(strict).toFixed(3)}`)
  const both = `recall ${recall(ranked).toFixed(3)}, precision ${precision(ranked).toFixed(3)}`
  console.log(`As many sections of a file as it has events, the best first: ${both}`)
}

function printFaint() {
  console.log('\nFound of events that are all equally loud, as highlights, by dB over the background\n')
  const levels = [9, 12, 15, 18, 21, 24, 30, 40]
  const tallies = levels.map((level) => {
    const some = corpus(seeds.slice(0, 1), { seconds: 300, overDb: [level, level] }).flatMap((one) => one.files)
    return total(some.map((file) => judge(file, ways[0].sections(file.rms))))
  })
  printRow(['', ...levels.map((level) => `${level} dB`)])
  printRow(Array(levels.length + 1).fill('---'))
  printRow(['recall', ...tallies.map((tally) => recall(tally).toFixed(2))])
  printRow(['precision', ...tallies.map((tally) => precision(tally).toFixed(2))])
}

async function printCost() {
  const day = new Float32Array(864_000)
  for (let at = 0; at < day.length;)
    for (const { rms } of files) for (const level of rms) if (at < day.length) day[at++] = level
  console.log(`\nA day of levels: ${(await cpuSeconds(() => detect(adaptive, day))).toFixed(2)} CPU s`)
}

function printRow(cells) {
  console.log(`| ${cells.join(' | ')} |`)
}
