import { existsSync } from 'node:fs'
import { access, chmod, mkdir, mkdtemp, open, rename, rm, statfs } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'

import { AtExit, run } from './run-root.js'

const MEGABYTE = 1024 * 1024
const FILLER = '.filler'

/** How a disk is made. */
export interface FaultDiskOptions {
  /** Its size in MiB. @defaultValue 64 */
  readonly sizeMb?: number
}

/**
 * A small disk of one's own that fails as it is told: fills up, hangs, loses its power, turns read-only. For root on Linux. Disposing unmounts
 * and removes it, and so does the end of the process.
 *
 * @example
 * ```ts
 * await using disk = await FaultDisk.ext4()
 * const recorder = new Recorder({ source, storage: disk.folder })
 * await disk.freeze(5)
 * await using after = await disk.powerCut()
 * ```
 */
export class FaultDisk implements AsyncDisposable {
  /** Where it is mounted. */
  readonly folder: string
  readonly #home: string
  readonly #image: string | undefined
  readonly #exit: AtExit
  readonly #below: FaultDisk | undefined

  private constructor(home: string, image?: string, below?: FaultDisk) {
    this.#home = home
    this.#image = image
    this.#below = below
    this.folder = join(home, 'disk')
    this.#exit = new AtExit([
      ['fsfreeze', '-u', this.folder],
      ['umount', '-l', this.folder],
      ['rm', '-rf', '--one-file-system', home],
    ])
  }

  /** Why no disk can be made here; undefined when all is there. */
  static async unavailable(): Promise<string | undefined> {
    if (process.platform !== 'linux') return 'disks that fail need Linux'
    if (process.getuid?.() !== 0) return 'disks that fail need root'
    const folders = `${process.env.PATH ?? ''}${delimiter}/sbin${delimiter}/usr/sbin`.split(delimiter)
    const missing = ['mount', 'umount', 'mkfs.ext4', 'fsfreeze', 'cp'].filter(
      (tool) => !folders.some((folder) => existsSync(join(folder, tool))),
    )
    if (missing.length > 0) return `disks that fail need ${missing.join(', ')}`
    try {
      await access('/dev/loop-control')
      await using disk = await FaultDisk.ext4({ sizeMb: 8 })
      await access(disk.folder)
      return undefined
    } catch (error) {
      return `disks cannot be mounted here: ${String(error)}`
    }
  }

  /** A disk in memory: it can be filled. */
  static async tmpfs({ sizeMb = 64 }: FaultDiskOptions = {}): Promise<FaultDisk> {
    const disk = new FaultDisk(await mkdtemp(join(tmpdir(), 'isr-disk-')))
    return disk.#mount('-t', 'tmpfs', '-o', `size=${sizeMb}m`, 'tmpfs')
  }

  /** A real file system, ext4 on a loop device: it can be filled, hang, turn read-only, and lose its power. */
  static async ext4({ sizeMb = 64 }: FaultDiskOptions = {}): Promise<FaultDisk> {
    const home = await mkdtemp(join(tmpdir(), 'isr-disk-'))
    return FaultDisk.#imageIn(home, join(home, 'image'), sizeMb)
  }

  /**
   * A disk that takes what is written, and cannot keep it: errors come when data is forced to it (`fsync` gives EIO). Its image is sparse and
   * lies on a full disk; {@link FaultDisk.free} makes room.
   */
  static async failingWriteback({ sizeMb = 64 }: FaultDiskOptions = {}): Promise<FaultDisk> {
    const below = await FaultDisk.tmpfs({ sizeMb })
    const home = await mkdtemp(join(tmpdir(), 'isr-disk-'))
    return FaultDisk.#imageIn(home, join(below.folder, 'image'), 4 * sizeMb, below)
  }

  static async #imageIn(home: string, image: string, sizeMb: number, below?: FaultDisk): Promise<FaultDisk> {
    const file = await open(image, 'w')
    await file.truncate(sizeMb * MEGABYTE)
    await file.close()
    await run('mkfs.ext4', '-q', '-F', '-m', '0', '-E', 'lazy_itable_init=0,lazy_journal_init=0,nodiscard', image)
    return new FaultDisk(home, image, below).#mount('-o', 'loop,nodiscard', image)
  }

  /** Takes all room but `leaveBytes`. */
  async fill(leaveBytes = 0): Promise<void> {
    const disk = this.#below ?? this
    const handle = await open(join(disk.folder, FILLER), 'a')
    try {
      const block = Buffer.alloc(MEGABYTE)
      for (let bytes = MEGABYTE; bytes >= 1024;) {
        const { bavail, bsize } = await statfs(disk.folder)
        const wanted = Math.min(bytes, bavail * bsize - leaveBytes)
        if (wanted <= 0) break
        const written = await handle.write(block, 0, wanted).catch(() => undefined)
        if (!written) bytes /= 2
      }
    } finally {
      await handle.close()
    }
  }

  /** Gives the room back. */
  async free(): Promise<void> {
    await rm(join((this.#below ?? this).folder, FILLER), { force: true })
  }

  /**
   * Hangs for so long: whoever writes waits. Resolves when the disk goes on. A program of its own thaws it, for one that waits for its disk
   * could not.
   */
  async freeze(seconds: number): Promise<void> {
    await run('sh', '-c', 'fsfreeze -f "$1" && sleep "$2"; fsfreeze -u "$1"', 'sh', this.folder, String(seconds))
  }

  /** Turns read-only, as ext4 does when it has found a fault: whatever is open for writing, every write fails. */
  async readOnly(): Promise<void> {
    await run('mount', '-o', 'remount,abort', this.folder)
  }

  /** Repaired after `readOnly`: unmounted and mounted again, as it must be after a fault. Files that are open belong to the mount before. */
  async writable(): Promise<void> {
    if (this.#image === undefined) throw new Error('only a disk with an image can be mounted again')
    await run('umount', '-l', this.folder)
    await run('mount', '-o', 'loop,nodiscard', this.#image, this.folder)
  }

  /** A folder on it is gone. */
  async remove(folder: string): Promise<void> {
    await rm(join(this.folder, folder), { recursive: true, force: true })
  }

  /** A folder on it is called otherwise for as long as the result is not called. */
  async hide(folder: string): Promise<() => Promise<void>> {
    const from = join(this.folder, folder)
    await rename(from, `${from}.hidden`)
    return () => rename(`${from}.hidden`, from)
  }

  /** Nobody but root may write into a folder on it any more, as `chmod a-w` does it. */
  async forbid(folder: string): Promise<void> {
    await chmod(join(this.folder, folder), 0o555)
  }

  /** What would be there if the power had failed now: another disk, with what had really reached this one. This one goes on. */
  async powerCut(): Promise<FaultDisk> {
    if (this.#image === undefined) throw new Error('a disk in memory keeps nothing over a power cut')
    const home = await mkdtemp(join(tmpdir(), 'isr-disk-'))
    const image = join(home, 'image')
    await run('cp', '--sparse=always', this.#image, image)
    return new FaultDisk(home, image).#mount('-o', 'loop,nodiscard', image)
  }

  /** Unmounts and removes it. */
  async [Symbol.asyncDispose](): Promise<void> {
    await run('umount', this.folder).catch(() => run('umount', '-l', this.folder))
    this.#exit.done()
    await rm(this.#home, { recursive: true, force: true })
    await this.#below?.[Symbol.asyncDispose]()
  }

  async #mount(...what: readonly string[]): Promise<this> {
    await mkdir(this.folder)
    await run('mount', ...what, this.folder)
    return this
  }
}
