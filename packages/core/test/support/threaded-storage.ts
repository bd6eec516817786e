import { mkdtempSync, rmSync } from 'node:fs'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'tsup'
import { afterAll, beforeAll } from 'vitest'
import type { AppendFile } from '../../src/storages/append-file.js'
import type { FileStorage } from '../../src/storages/file-storage.js'
import type { volumes } from '../../src/storages/volume/volumes.js'

const source = (path: string) => fileURLToPath(new URL(`../../src/storages/${path}.ts`, import.meta.url))

/** What {@link threadedStorage} builds. */
export interface ThreadedStorage {
  /** Where it is. */
  readonly folder: string
  /** Script that exports them, for programs of their own. */
  readonly script: string
  readonly FileStorage: typeof FileStorage
  readonly AppendFile: typeof AppendFile
  readonly volumes: typeof volumes
}

/** File storages with the thread of their volume, compiled as in a package. */
async function threadedStorage(): Promise<ThreadedStorage> {
  const folder = await mkdtemp(join(tmpdir(), 'isr-threaded-'))
  await writeFile(join(folder, 'package.json'), '{"type":"module"}')
  await build({
    config: false,
    silent: true,
    entry: {
      'file-storage': source('file-storage'),
      'append-file': source('append-file'),
      volumes: source('volume/volumes'),
      'volume-thread': source('volume/thread/thread'),
      'flush-thread': source('volume/flush/thread'),
    },
    outDir: folder,
    format: ['esm'],
    target: 'node20',
    splitting: true,
  })
  const load = async (name: string) => (await import(pathToFileURL(join(folder, name)).href)) as Record<string, unknown>
  return {
    folder,
    script: join(folder, 'file-storage.js'),
    ...(await load('file-storage.js')),
    ...(await load('append-file.js')),
    ...(await load('volumes.js')),
  } as unknown as ThreadedStorage
}

/** For the tests of a file: file storages with threads, and folders that are removed when they are done. */
export class ThreadedTests {
  readonly #root: string
  #folders = 0
  #threaded?: ThreadedStorage

  /** @param name - beginning of the folder's name */
  constructor(name: string) {
    this.#root = mkdtempSync(join(tmpdir(), name))
    beforeAll(async () => {
      this.#threaded = await threadedStorage()
    })
    afterAll(() => {
      rmSync(this.#root, { recursive: true })
      if (this.#threaded) rmSync(this.#threaded.folder, { recursive: true })
    })
  }

  /** Those of these tests; not before the first one begins. */
  get threaded(): ThreadedStorage {
    if (!this.#threaded) throw new Error('no test has begun')
    return this.#threaded
  }

  /** A folder of one's own, which is not there yet. */
  readonly directory = (): string => join(this.#root, String(this.#folders++))
}
