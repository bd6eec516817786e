import type { SourceConfig } from '../../src/config/station-config.js'
import { Station } from '../../src/station/station.js'

/** A source that needs nothing from outside: the test signal in files of a second, giving up after one retry. */
export function signalSource(name: string, outputDirectory: string, more: Partial<SourceConfig> = {}): SourceConfig {
  return {
    name,
    type: 'signal',
    format: 'wav',
    sampleRateHz: 8000,
    channels: 1,
    outputDirectory,
    splitMinutes: 1 / 60,
    filenamePattern: '%Y%m%d_%H%M%S',
    maxRetries: 1,
    retryDelaySeconds: 0.1,
    retryMaxDelaySeconds: 0.1,
    stallTimeoutSeconds: 5,
    timeZone: 'UTC',
    splitJoin: 'exact',
    opusPrerollMs: 400,
    syncSeconds: 1,
    ...more,
  }
}

/** A station of these sources, on the machine's own clock. */
export function stationOf(...sources: SourceConfig[]): Station {
  return new Station({ config: { sources, logLevel: 'INFO', logFile: '' } })
}
