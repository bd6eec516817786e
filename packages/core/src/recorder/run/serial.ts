/** Serial number of the streams in a file (Ogg): FNV-1a of run and sequence, so that the same file gets the same bytes again. */
export function serialOf(run: string, sequence: number): number {
  let hash = 0x811c9dc5
  for (const character of `${run}#${sequence}`) hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193)
  return hash >>> 0
}
