// npm start: installs and builds what is out of date, then records ./config.ini, or the demo when there is none, and serves the recordings.
// Arguments after `--` go to `isr record`: npm start -- --duration 60
import { requireNode } from './lib/node-floor.mjs'

requireNode()
import('./lib/start-cli.mjs').then(({ startCli }) => startCli(process.argv.slice(2)))
