/** Where text goes: a terminal, a pipe or a file. Writing never waits and never throws. */
export interface Output {
  /** Adds text. When the other side stands still and too much waits, the text is dropped and counted. */
  write(text: string): void
  /** Writes that were dropped since this was last asked. */
  takeDropped(): number
  /** Whether earlier text is still on its way. */
  readonly busy: boolean
  /** Whether people look at it and lines can be rewritten. */
  readonly isTerminal: boolean
  /** Whether colours are wanted. */
  readonly hasColors: boolean
  /** Width of the terminal in characters. */
  readonly columns: number
  /** Height of the terminal in lines. */
  readonly rows: number
  /** Resolves when everything is out, or when the other side stands still for `timeoutMs`. */
  drain(timeoutMs: number): Promise<void>
}
