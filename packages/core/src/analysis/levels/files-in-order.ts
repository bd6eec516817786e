/** One file among those that follow each other. */
export interface FileTurn {
  /** Done now, or when the files before are over. */
  run(work: () => void): void
  /** The last that is done for this file. */
  end(work: () => void): void
}

interface Waiting {
  readonly work: (() => void)[]
  isOver: boolean
}

/** Does what concerns one file after all that concerns the files before: decoders may tell the end of one after the start of the next. */
export class FilesInOrder {
  readonly #files: Waiting[] = []

  /** The next file. */
  begin(): FileTurn {
    const file: Waiting = { work: [], isOver: false }
    this.#files.push(file)
    const run = (work: () => void) => {
      file.work.push(work)
      this.#catchUp()
    }
    const end = (work: () => void) => {
      file.isOver = true
      run(work)
    }
    return { run, end }
  }

  #catchUp(): void {
    for (let [first] = this.#files; first; [first] = this.#files) {
      for (const work of first.work.splice(0)) work()
      if (!first.isOver) return
      this.#files.shift()
    }
  }
}
