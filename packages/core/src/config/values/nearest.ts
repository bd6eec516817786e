/** The candidate that `word` is most likely a slip of; undefined when none is near. Candidates are in lower case. */
export function nearest(word: string, candidates: Iterable<string>, farthest?: number): string | undefined {
  const wanted = word.toLowerCase().replace(/[^a-z0-9]+/g, '_')
  let best: string | undefined
  let bestDistance = (farthest ?? Math.max(2, Math.floor(wanted.length / 3))) + 1
  for (const candidate of candidates) {
    const startsAlike =
      farthest === undefined && wanted.length >= 4 && (candidate.startsWith(wanted) || wanted.startsWith(candidate))
    const distance = startsAlike ? 1 : editDistance(wanted, candidate)
    // A word of which little stays is another word.
    if (distance < bestDistance && distance < Math.min(wanted.length, candidate.length)) {
      best = candidate
      bestDistance = distance
    }
  }
  return best
}

/** Insertions, deletions, replacements and swaps of neighbours that lead from `a` to `b`. */
export function editDistance(a: string, b: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const replace = last[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1)
      row[j] = Math.min(replace, last[j] + 1, row[j - 1] + 1)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        row[j] = Math.min(row[j], beforeLast[j - 2] + 1)
    }
    beforeLast = last
    last = row
  }
  return last[b.length]
}
