const PAGE_BYTES: usize = 65536

/** Grows the memory so that it reaches up to `end`, and an eighth beyond. */
export function growTo(end: usize): void {
  const has = (memory.size() as usize) * PAGE_BYTES
  if (end > has) memory.grow(((end - has + (end >> 3)) / PAGE_BYTES + 1) as i32)
}
