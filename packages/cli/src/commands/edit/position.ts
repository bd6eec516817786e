import { InvalidArgumentError } from 'commander'

/** `m:ss(.mmm)`, `h:mm:ss(.mmm)` or seconds, as seconds. @throws InvalidArgumentError */
export function parsePosition(text: string): number {
  const [, hours = '0', minutes = '0', seconds] =
    /^(?:(?:(\d{1,6}):(?=\d\d:))?(\d{1,6}):(?=\d\d(?:\.|$)))?(\d*\.?\d+|\d+\.)$/.exec(text) ?? []
  if (seconds === undefined) throw new InvalidArgumentError('Write m:ss, h:mm:ss or seconds, such as 1:30.5.')
  const parts = [Number(hours), Number(minutes), Number(seconds)]
  const clock = text.includes(':')
  if ((clock && parts[2] >= 60) || (/:.*:/.test(text) && parts[1] >= 60)) {
    throw new InvalidArgumentError('Minutes and seconds go up to 59.')
  }
  return parts[0] * 3600 + parts[1] * 60 + parts[2]
}

/** `1:02.500`, `1:00:02.500`: to the millisecond. */
export function formatPosition(seconds: number): string {
  const ms = Math.round(seconds * 1000)
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0')
  const [hours, minutes] = [Math.floor(ms / 3_600_000), Math.floor(ms / 60_000) % 60]
  const rest = `${two((ms / 1000) % 60)}.${String(ms % 1000).padStart(3, '0')}`
  return hours > 0 ? `${hours}:${two(minutes)}:${rest}` : `${minutes}:${rest}`
}
