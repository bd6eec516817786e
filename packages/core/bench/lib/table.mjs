/**
 * Prints a table of ours against a peer's, both measured in this run; the ratio is what counts, absolutes drift.
 * @param {string} title what is measured, in which unit
 * @param {readonly { work: string, ours: number, peer: number, bar?: number }[]} rows bar: the highest ratio that is good enough
 */
export function printTable(title, rows) {
  const cells = rows.map(({ work, ours, peer, bar }) => {
    const ratio = ours / peer
    const verdict = bar === undefined ? '' : ratio <= bar ? `<= ${bar}` : `OVER ${bar}`
    return [work, ours.toPrecision(3), peer.toPrecision(3), ratio.toFixed(2), verdict]
  })
  const all = [['', 'ours', 'peer', 'ratio', 'bar'], ...cells]
  const widths = all[0].map((_, column) => Math.max(...all.map((row) => row[column].length)))
  console.log(`\n${title}`)
  for (const row of all) {
    const padded = row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column])))
    console.log(`  ${padded.join('  ').trimEnd()}`)
  }
}
