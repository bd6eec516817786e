/**
 * Name of a piece by the wall clock of its zone: `garden_2026-11-21_06-12-39.flac`.
 * @param at - wall clock of its first sample
 * @param extension - with its dot
 */
export function wallClockName(source: string, at: number, utcOffsetMinutes: number, extension: string): string {
  const local = new Date(at + utcOffsetMinutes * 60_000).toISOString().slice(0, 19)
  const safe = source.replace(/[^\p{L}\p{N}._-]+/gu, '_').replace(/^[._]+/, '') || 'recording'
  return `${safe}_${local.replace('T', '_').replaceAll(':', '-')}${extension}`
}
