import type { FrameMark } from '../numbered/mark.js'

/** What a recorder did not read any more of a connection that it ended itself. */
export interface UnreadTail {
  /** Which connection of the server. */
  readonly connection: number
  /** How long it is. */
  readonly seconds: number
}

/** Frames of one station that are missing between two that were recorded. */
export interface Hole {
  /** Number of the station. */
  readonly station: number
  /** First frame that is missing. */
  readonly from: number
  /** The next one that is there. */
  readonly to: number
  /** Its length in seconds. */
  readonly seconds: number
  /** How many of them were sent to the recorder. */
  readonly sentFrames: number
  /** File in which it is, or which it follows. */
  readonly after: string
  /** Whether it is inside of a file: that must never be. */
  readonly isHidden: boolean
  /** Length of the gap that the ledger tells of in its place; undefined when it tells of none. */
  readonly toldSeconds?: number
}

/** What became of the frames that a recorder was sent. Every figure counts frames. */
export interface Comparison {
  /** Name of the source; empty when the folder was compared as a whole. */
  readonly source: string
  /** Files that hold at least one frame. */
  readonly files: number
  /** Different frames that were sent. */
  readonly sent: number
  /** Different frames that were recorded. */
  readonly recorded: number
  /** Sent, waited for, and in no file. */
  readonly lost: readonly FrameMark[]
  /** How long these are, in seconds. */
  readonly lostSeconds: number
  /** Recorded more than once. */
  readonly doubled: number
  /** Recorded behind a later one. */
  readonly misordered: number
  /** Recorded with other bytes than were sent, or cut. */
  readonly damaged: number
  /** Recorded, and never sent to this recorder by these stations. */
  readonly unknown: number
  /** Bytes between frames that are in none. */
  readonly strayBytes: number
  /** Sent just before the recorder itself left, and not read by it any more; not among `lost`. */
  readonly unread: number
  /** How long these are, in seconds. */
  readonly unreadSeconds: number
  /** The same for each connection. */
  readonly unreadOf: readonly UnreadTail[]
  /** What is missing between frames that were recorded. */
  readonly holes: readonly Hole[]
  /** Gaps that the ledger tells of. */
  readonly gaps: number
  /** Reconnects without a gap that the ledger tells of. */
  readonly seams: number
  /** Bytes that the ledger says were not kept, by their reason. */
  readonly discards: Readonly<Record<string, number>>
  /** Nothing lost, doubled, damaged or out of order, and every hole is between files and told. */
  readonly isPerfect: boolean
}

/** A comparison as text: one line when all is well, and what is wrong below it. */
export function comparisonText(comparison: Comparison): string {
  const { source, files, sent, recorded, lost, doubled, misordered, damaged, unknown, strayBytes } = comparison
  const { unread, holes, gaps, seams } = comparison
  const name = source === '' ? '' : `${source}: `
  const verdict = comparison.isPerfect ? 'nothing lost' : 'NOT AS IT WAS SENT'
  const lines = [
    `${name}${verdict}: ${sent} frames sent, ${recorded} in ${files} files; lost ${lost.length}, doubled ${doubled}, damaged ${damaged}, misordered ${misordered}, unknown ${unknown}`,
    `  ${strayBytes} stray bytes, ${unread} frames not read at the end; ${holes.length} holes, ${gaps} gaps, ${seams} seams; discarded ${JSON.stringify(comparison.discards)}`,
    ...holes.map(holeText),
  ]
  if (lost.length > 0) lines.push(`  lost: ${rangesText(lost)}`)
  return lines.join('\n')
}

function holeText({ station, from, to, seconds, sentFrames, after, isHidden, toldSeconds }: Hole): string {
  const told = toldSeconds === undefined ? 'not told' : `told as ${toldSeconds.toFixed(3)} s`
  return `  hole: station ${station}, frames ${from} to ${to - 1}, ${seconds.toFixed(3)} s, ${sentFrames} of them sent, ${isHidden ? 'INSIDE' : 'after'} ${after}, ${told}`
}

function rangesText(lost: Comparison['lost']): string {
  const ranges: { station: number; from: number; to: number }[] = []
  for (const { station, number } of lost) {
    const last = ranges.at(-1)
    if (last?.station === station && last.to + 1 === number) last.to = number
    else ranges.push({ station, from: number, to: number })
  }
  return ranges.map(({ station, from, to }) => `station ${station}: ${from} to ${to}`).join('; ')
}
