/**
 * Tells what mattered in a recording of any format: its ten best sections, by wall clock where the file tells it.
 *   node --import ./examples/ts-node.mjs examples/analyze-file.ts recordings/rec_20261122_170000.ogg
 */
import { Analyzer, IsrError, topSections } from '@isr/core'

const [path] = process.argv.slice(2)
if (!path) {
  console.error('give a recording, for example recordings/rec_20261122_170000.ogg')
  process.exit(2)
}

const analyzer = new Analyzer()
const stop = new AbortController()
process.once('SIGINT', () => stop.abort())
try {
  const { durationSeconds, startedAt, sections } = await analyzer.analyze(path, { signal: stop.signal })
  console.log(`${durationSeconds.toFixed(1)} s, ${sections.length} sections`)
  for (const { startSeconds, endSeconds, score } of topSections(sections, 10)) {
    const at = startedAt === undefined ? '' : ` (${new Date(startedAt + startSeconds * 1000).toISOString()})`
    console.log(`${startSeconds.toFixed(1)} to ${endSeconds.toFixed(1)} s, ${score.toFixed(1)} dB${at}`)
  }
} catch (error) {
  if (!(error instanceof IsrError)) throw error
  console.error(error.message)
  process.exitCode = 1
} finally {
  await analyzer.close()
}
