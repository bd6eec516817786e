/**
 * The next item of `iterator`, or undefined when `signal` aborts first, even when the iterator never answers.
 * A listener per call instead of one long-lived promise: racing against such a promise would grow its list for ever.
 */
export function nextUnlessAborted<T>(
  iterator: AsyncIterator<T>,
  signal: AbortSignal,
): Promise<IteratorResult<T> | undefined> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return resolve(undefined)
    const aborted = () => resolve(undefined)
    const settle = (finish: () => void) => {
      signal.removeEventListener('abort', aborted)
      finish()
    }
    signal.addEventListener('abort', aborted, { once: true })
    iterator.next().then(
      (result) => settle(() => resolve(result)),
      (error: unknown) => settle(() => reject(error)),
    )
  })
}
