import type { EditOptions, EditProgress } from '../../editing/cut.js'
import { WorkerPool } from '../../workers/worker-pool.js'
import { edit, type EditResult, type EditTask, type EditTasks } from './edit-task.js'

/** Options of an {@link Editor}. */
export interface EditorOptions {
  /** How many pieces of work are done at a time, each in a thread of its own. @defaultValue 1 */
  readonly threads?: number
}

/** `cut`, `clip`, `exportRecordings` and `spectrogram` in threads beside the one that calls: what serves or records in the same process never waits. */
export class Editor implements AsyncDisposable {
  readonly #pool: WorkerPool<EditTask, EditProgress, EditResult>

  constructor({ threads = 1 }: EditorOptions = {}) {
    this.#pool = new WorkerPool({
      script: new URL('./editing-thread.js', import.meta.url),
      size: Math.max(1, Math.floor(threads)),
      handler: edit,
    })
  }

  /** Does what the function of that name does. @throws {@link IsrError} as it does; `ISR_STOPPED` */
  async run<Kind extends keyof EditTasks>(
    kind: Kind,
    options: EditTasks[Kind]['options'],
    watched: EditOptions = {},
  ): Promise<EditTasks[Kind]['result']> {
    // a task is what its options are for
    return await this.#pool.run({ kind, ...options } as unknown as EditTask, watched)
  }

  /** Ends its threads; work under way ends with `ISR_STOPPED`, and no file of it stays. */
  close(): Promise<void> {
    return this.#pool[Symbol.asyncDispose]()
  }

  /** Same as `close()`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }
}
