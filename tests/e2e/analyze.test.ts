import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, it } from 'vitest'
import { describeWithTools } from './rig/require-tool.js'
import { tempDir } from './rig/temp-dir.js'
import { build, root } from './support/isr.js'

/** Analyses a file as built, and tells how long this thread was held up meanwhile and whether its process ends by itself. */
const PROGRAM = `
import { Analyzer } from ${JSON.stringify(join(root, 'packages/core/dist/index.js'))}
const analyzer = new Analyzer()
let ticks = 0
let told = 0
const timer = setInterval(() => ticks++, 5)
const idle = performance.eventLoopUtilization()
const { durationSeconds, sections } = await analyzer.analyze(process.argv[1], { onProgress: () => told++ })
const { utilization } = performance.eventLoopUtilization(idle)
clearInterval(timer)
console.log(JSON.stringify({ durationSeconds, sections, ticks, told, utilization }))
`

describeWithTools(['ffmpeg'], 'an Analyzer as it is built', () => {
  const folder = tempDir('isr-e2e-analyze-')
  beforeAll(() => {
    build()
    mkdirSync(join(folder, 'analyses'))
  })

  it.each(['flac', 'mp3', 'wav'])('decodes %s in a thread of its own, and its process ends', (extension) => {
    const path = join(folder, `long.${extension}`)
    const burst = "anoisesrc=c=pink:a=0.001:d=600,volume='if(between(t,300,303),300,1)':eval=frame"
    execFileSync('ffmpeg', ['-nostdin', '-v', 'error', '-f', 'lavfi', '-i', burst, path])
    const args = ['--input-type=module', '-e', PROGRAM, path]
    const told = execFileSync(process.execPath, args, { encoding: 'utf8', timeout: 30_000 })
    const { durationSeconds, sections, ticks, told: progress, utilization } = JSON.parse(told) as Record<string, never>
    expect(durationSeconds).toBeCloseTo(600, 0)
    expect(sections).toEqual([expect.objectContaining({ startSeconds: expect.closeTo(300, 0) as number })])
    expect(Number(progress)).toBeGreaterThan(3)
    expect(Number(ticks)).toBeGreaterThan(3)
    expect(Number(utilization)).toBeLessThan(0.8)
    expect(readdirSync(join(folder, 'analyses'))).toContain(`long.${extension}.levels`)
  })
})
