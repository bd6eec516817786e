import type { RandomAccess } from '../../storages/access/random-access.js'
import { MARK_BYTES, WHOLE_SECOND, type PyramidLayout } from './layout.js'

/**
 * How many whole seconds a file of levels holds that has no end mark: it grows, or a crash has torn it anywhere. All are marked, and
 * nothing behind them looks so.
 * @throws {@link StorageError}
 */
export async function wholeSeconds(access: RandomAccess, layout: PyramidLayout): Promise<number> {
  const isWhole = async (second: number) => {
    const at = layout.secondAt(second)
    const mark = await access.read(at, at + MARK_BYTES)
    return mark.length === MARK_BYTES && (mark[0] | (mark[1] << 8)) === WHOLE_SECOND
  }
  let high = layout.secondsIn(access.sizeBytes)
  if (high === 0 || (await isWhole(high - 1))) return high
  let low = 0
  while (low < high) {
    const middle = (low + high) >>> 1
    if (await isWhole(middle)) low = middle + 1
    else high = middle
  }
  return low
}
