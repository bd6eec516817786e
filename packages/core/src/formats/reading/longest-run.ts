/**
 * The run of frames that truly is in a part of a file which begins and ends anywhere; undefined when there is none. Audio may hold
 * whole frames of another file (a recording of data, a forgery), checksums and all; but those stand inside one true frame, while the
 * true ones fill the part: so the longest unbroken run is theirs, and of equals the later, which is nearer to what follows.
 * @param bytesOf - length of a run
 */
export function longestRun<Run>(runs: Iterable<Run>, bytesOf: (run: Run) => number): Run | undefined {
  let best: Run | undefined
  for (const run of runs) if (best === undefined || bytesOf(run) >= bytesOf(best)) best = run
  return best
}
