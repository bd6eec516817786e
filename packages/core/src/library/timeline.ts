import type { EpochMs } from '../model.js'

/** What has a time and a name. */
interface Timed {
  readonly name: string
  readonly startedAt: EpochMs
}

/** Things in the order of their time, then their name. Adding at the end, as recording does, costs nothing; adding many at once one sort. */
export class Timeline<Item extends Timed> {
  #items: Item[] = []

  /** In order of time. */
  get items(): readonly Item[] {
    return this.#items
  }

  /** Adds many; none of them is there yet. */
  addAll(items: readonly Item[]): void {
    if (items.length > 8) {
      this.#items = [...this.#items, ...items].sort(order)
      return
    }
    for (const item of items) this.#items.splice(this.#place(item), 0, item)
  }

  /** Puts `item` in the place of `before`, which is there. */
  replace(before: Item, item: Item): void {
    const at = this.#place(before)
    if (order(before, item) === 0) this.#items[at] = item
    else {
      this.#items.splice(at, 1)
      this.#items.splice(this.#place(item), 0, item)
    }
  }

  /** Takes out what is there. */
  remove(item: Item): void {
    this.#items.splice(this.#place(item), 1)
  }

  /** Takes out many. */
  removeAll(gone: ReadonlySet<Item>): void {
    if (gone.size > 8) this.#items = this.#items.filter((item) => !gone.has(item))
    else for (const item of gone) this.remove(item)
  }

  /** How many begin before `at`. */
  countBefore(at: EpochMs): number {
    return this.#firstThat((item) => item.startedAt >= at)
  }

  #place(wanted: Item): number {
    return this.#firstThat((item) => order(item, wanted) >= 0)
  }

  #firstThat(holds: (item: Item) => boolean): number {
    let low = 0
    let high = this.#items.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (holds(this.#items[middle])) high = middle
      else low = middle + 1
    }
    return low
  }
}

function order(one: Timed, other: Timed): number {
  return one.startedAt - other.startedAt || (one.name < other.name ? -1 : one.name > other.name ? 1 : 0)
}
