import type { MessagePort } from 'node:worker_threads'
import type { IsrErrorCode } from '../../errors.js'
import type { Patch } from '../../model.js'
import type { ProcessIdentity } from '../presence/process-identity.js'
import type { SharedMemory } from './shared/shared-memory.js'

/**
 * When the files of a folder are made durable together through a journal instead of each by itself: where flushes are slow (`auto`),
 * from the first byte on (`always`), or `never`.
 */
export type GroupCommit = 'auto' | 'always' | 'never'

/** What a folder wants of the thread of its volume. */
export interface FolderFacts {
  /** Number of the folder. */
  readonly folder: number
  readonly path: string
  readonly groupCommit: GroupCommit
  /** Where its journal is, when it needs one. */
  readonly journalPath: string
  /** Most bytes of one half of the journal. */
  readonly journalHalfBytes: number
  /** This process: it tells its journal from those of the dead. */
  readonly writer: ProcessIdentity
}

/** Part of a slab that holds records. */
export interface SlabRange {
  readonly slab: number
  readonly startByte: number
  readonly endByte: number
}

/** A tick at which the files of a folder become durable. */
export interface SyncTick {
  /** Time of the recorder's clock. */
  readonly nowMs: number
  /** From one tick to the next. */
  readonly intervalMs: number
}

/** What wants an answer. */
export type VolumeTask =
  /** Makes a file that was not there; nothing in it is called durable before its folder and name are. */
  | { readonly type: 'create'; readonly folder: number; readonly file: number; readonly name: string }
  /** Ends a file. One that failed is cut to `keepBytes`. */
  | {
      readonly type: 'commit'
      readonly file: number
      readonly patches: readonly Patch[]
      readonly keepBytes?: number
    }
  /** Opens a file beside the recordings: one of lines, whose torn end is cut off, or one that begins anew. */
  | { readonly type: 'open'; readonly side: number; readonly path: string; readonly kind: 'lines' | 'anew' }
  | { readonly type: 'append'; readonly side: number; readonly bytes: Uint8Array; readonly sync: boolean }
  | { readonly type: 'close'; readonly side: number; readonly sync: boolean }

/** What the thread of a volume is told. */
export type VolumeRequest =
  | { readonly type: 'task'; readonly request: number; readonly task: VolumeTask }
  | ({ readonly type: 'folder' } & FolderFacts)
  | { readonly type: 'slab'; readonly slab: number; readonly bytes: Uint8Array }
  /** It is not used any more. */
  | { readonly type: 'noSlab'; readonly slab: number }

/** What was appended to the files of a folder at about the same time. */
export interface Batch {
  readonly batch: number
  readonly folder: number
  readonly ranges: readonly SlabRange[]
  readonly sync?: SyncTick
}

/** An error on its way between threads. */
export interface SentFault {
  readonly code: IsrErrorCode
  readonly message: string
}

/** What the answer to a {@link VolumeTask} says. */
export interface TaskResult {
  /** Of `create`: the name that was taken. */
  readonly name?: string
  /** Of `create`: the volume on which its folder is. */
  readonly device?: string
  /** Of `open`: size before anything is added. */
  readonly sizeBytes?: number
}

/** What the thread of a volume says. */
export type VolumeReply =
  | { readonly type: 'done'; readonly request: number; readonly result: TaskResult }
  /** What is appended, and is to be durable, has left the process. */
  | { readonly type: 'written'; readonly request: number }
  | { readonly type: 'failed'; readonly request: number; readonly fault: SentFault }
  /** A file takes no more; what is durable of it stands in the shared memory. */
  | { readonly type: 'fault'; readonly file: number; readonly fault: SentFault }
  /** There is room in the slabs again. */
  | { readonly type: 'room' }

/** What the script of a thread gets when it starts. */
export interface ThreadData {
  readonly memory: SharedMemory
  readonly port: MessagePort
}
