import type { SourceConfig } from '../../config/station-config.js'
import type { Clock } from '../../time/clock.js'
import type { RetentionRules } from './policy.js'
import type { RetainedSource } from './retention.js'
import { Stock, type StockPlace } from './stock.js'

const GB = 1e9

/** The sources whose configuration sets limits; sources of one folder share its stock. */
export function retainedSources<Place extends StockPlace>(
  configs: readonly SourceConfig[],
  placeOf: (config: SourceConfig) => Place,
  clock: Clock,
): RetainedSource[] {
  const stocks = new Map<Place, Stock>()
  return configs.flatMap((config) => {
    const rules = rulesOf(config)
    if (!rules) return []
    const place = placeOf(config)
    const stock = stocks.get(place) ?? new Stock(place, () => clock.now())
    stocks.set(place, stock)
    return { source: config.name, rules, stock, ...(config.timeZone !== undefined && { timeZone: config.timeZone }) }
  })
}

function rulesOf({ keepDays, keepGb, minFreeGb }: SourceConfig): RetentionRules | undefined {
  if (keepDays === undefined && keepGb === undefined && minFreeGb === undefined) return undefined
  return {
    ...(keepDays !== undefined && { keepDays }),
    ...(keepGb !== undefined && { keepBytes: keepGb * GB }),
    ...(minFreeGb !== undefined && { minFreeBytes: minFreeGb * GB }),
  }
}
