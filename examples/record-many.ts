/**
 * Records everything that a configuration file names, until Ctrl+C.
 *   node --import ./examples/ts-node.mjs examples/record-many.ts config.example.ini
 */
import { configOrThrow, readConfig, Station } from '@isr/core'

const config = configOrThrow(await readConfig(process.argv[2] ?? 'config.ini'))
const station = new Station({ config })

station.on('recording:open', ({ source, name }) => console.log(`${source}: recording ${name}`))
station.on('recording:close', ({ source, name }) => console.log(`${source}: closed ${name}`))
station.on('gap', ({ source, seconds, cause }) =>
  console.error(`${source}: ${seconds.toFixed(1)} s lost, ${cause.message}`),
)
station.on('error', ({ source, error }) => console.error(`${source}: ${error.message}`))
process.once('SIGINT', () => void station.stop())

station.start()
const { failed } = await station.finished
process.exitCode = failed.length > 0 ? 1 : 0
