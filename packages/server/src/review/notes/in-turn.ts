const turns = new Map<string, Promise<unknown>>()

/** Work on one file in this process happens one after another, whoever does it. */
export async function inTurn<Result>(path: string, work: () => Promise<Result>): Promise<Result> {
  const before = turns.get(path)
  const mine = (before ?? Promise.resolve()).then(work, work)
  // nobody waits for it any more than once
  const quiet = mine.catch(() => {})
  turns.set(path, quiet)
  try {
    return await mine
  } finally {
    if (turns.get(path) === quiet) turns.delete(path)
  }
}
