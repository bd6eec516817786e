// Analyses one file in a process of its own, as a program would, and tells what it took: node analyze-one.mjs PATH
import { Analyzer } from '@isr/core'

const analyzer = new Analyzer({ cache: false })
const { durationSeconds, sections } = await analyzer.analyze(process.argv[2])
await analyzer.close()
const peakMb = process.resourceUsage().maxRSS / 1024
console.log(JSON.stringify({ durationSeconds, sections: sections.length, peakMb }))
