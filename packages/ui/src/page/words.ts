/** `2:03:04` or `3:04`. */
export function duration(seconds: number): string {
  const whole = Math.round(seconds)
  const two = (value: number) => String(value).padStart(2, '0')
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60)]
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`
}

/** `1.4 GB` */
export function bytes(count: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  let value = count
  let unit = 0
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000
    unit++
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`
}

/** A moment in the zone in which it was recorded. */
export class LocalTime {
  readonly #local: string

  /**
   * @param at - ISO 8601 UTC
   * @param utcOffset - `+01:00`
   * @param plusSeconds - added to it
   */
  constructor(at: string, utcOffset: string, plusSeconds = 0) {
    const sign = utcOffset.startsWith('-') ? -1 : 1
    const minutes = sign * (Number(utcOffset.slice(1, 3)) * 60 + Number(utcOffset.slice(4, 6)))
    this.#local = new Date(Date.parse(at) + minutes * 60_000 + plusSeconds * 1000).toISOString()
  }

  /** `2026-11-22` */
  get date(): string {
    return this.#local.slice(0, 10)
  }

  /** `06:12:39` */
  get time(): string {
    return this.#local.slice(11, 19)
  }

  /** `Saturday 21 November 2026` */
  get day(): string {
    return dayInWords(this.date)
  }
}

/** `Saturday 21 November 2026` */
export function dayInWords(date: string): string {
  const options = { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' } as const
  return new Intl.DateTimeFormat('en-GB', options).format(new Date(`${date}T00:00:00Z`)).replace(',', '')
}

/** Seconds in `75.5`, `1:15.5` or `0:01:15.5`; NaN for anything else. */
export function parseSeconds(text: string): number {
  const parts = text.trim().split(':')
  if (parts.length > 3 || !parts.every((part) => /^\d+(\.\d+)?$/.test(part))) return NaN
  return parts.reduce((total, part) => total * 60 + Number(part), 0)
}

/** `1 recording`, `2 recordings` */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
