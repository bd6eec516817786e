import * as fs from 'node:fs'
import { promisify } from 'node:util'

/** A value, now or later: a thread of its own may block, the recorder's must not. */
export type Eventually<T> = T | Promise<T>

/** What is known of an open file. */
interface DiskFacts {
  readonly size: number
  readonly nlink: number
  readonly ino: number
  readonly dev: number
}

/** The few things that writing asks of a file system. All of them throw, or reject with, the error of Node.js. */
export interface Disk {
  open(path: string, flags: number): Eventually<number>
  /** @returns bytes that were taken: a disk that fills takes a part */
  write(file: number, bytes: Uint8Array, offset: number, length: number, position: number | null): Eventually<number>
  read(file: number, bytes: Uint8Array, offset: number, length: number, position: number): Eventually<number>
  /** Forces content to disk, and of the rest what is needed to read it. */
  datasync(file: number): Eventually<void>
  /** Forces content and all that is known of it to disk; of a folder its names. */
  sync(file: number): Eventually<void>
  truncate(file: number, lengthBytes: number): Eventually<void>
  stat(file: number): Eventually<DiskFacts>
  /** Of what has this name now. */
  statName(path: string): Eventually<DiskFacts>
  close(file: number): Eventually<void>
  makeFolder(path: string): Eventually<void>
  unlink(path: string): Eventually<void>
}

const MODE = 0o644

/** For threads that do nothing else. */
export const blockingDisk: Disk = {
  open: (path, flags) => fs.openSync(path, flags, MODE),
  write: (file, bytes, offset, length, position) => fs.writeSync(file, bytes, offset, length, position),
  read: (file, bytes, offset, length, position) => fs.readSync(file, bytes, offset, length, position),
  datasync: (file) => fs.fdatasyncSync(file),
  sync: (file) => fs.fsyncSync(file),
  truncate: (file, lengthBytes) => fs.ftruncateSync(file, lengthBytes),
  stat: (file) => fs.fstatSync(file),
  statName: (path) => fs.statSync(path),
  close: (file) => fs.closeSync(file),
  makeFolder: (path) => fs.mkdirSync(path),
  unlink: (path) => fs.unlinkSync(path),
}

const [open, write, read] = [promisify(fs.open), promisify(fs.write), promisify(fs.read)]
const [datasync, sync, truncate] = [promisify(fs.fdatasync), promisify(fs.fsync), promisify(fs.ftruncate)]
const [stat, close] = [promisify(fs.fstat), promisify(fs.close)]

/** Where there is no thread: Node's own pool. */
export const pooledDisk: Disk = {
  open: (path, flags) => open(path, flags, MODE),
  write: async (file, bytes, offset, length, position) =>
    (await write(file, bytes, offset, length, position)).bytesWritten,
  read: async (file, bytes, offset, length, position) => (await read(file, bytes, offset, length, position)).bytesRead,
  datasync: (file) => datasync(file),
  sync: (file) => sync(file),
  truncate: (file, lengthBytes) => truncate(file, lengthBytes),
  stat: (file) => stat(file),
  statName: (path) => fs.promises.stat(path),
  close: (file) => close(file),
  makeFolder: async (path) => void (await fs.promises.mkdir(path)),
  unlink: (path) => fs.promises.unlink(path),
}

/** Writes all of it: a short write goes on where it ended, so that the fault itself surfaces. @throws the error of Node.js */
export async function writeWhole(disk: Disk, file: number, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length;)
    done += await disk.write(file, bytes, done, bytes.length - done, position + done)
}
