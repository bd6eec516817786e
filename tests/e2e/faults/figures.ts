/** Prints what was measured, for docs/reliability.md. */
export function figures(what: string, values: readonly number[], unit = 's'): void {
  const sorted = [...values].sort((a, b) => a - b)
  const at = (part: number) => sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))]?.toFixed(3)
  console.log(`measured: ${what}: median ${at(0.5)}, 95 % ${at(0.95)}, most ${at(1)} ${unit} (n = ${values.length})`)
}
