import { IsrError, toIsrError } from '../errors.js'
import type { Format } from '../formats/format.js'
import type { Ledger } from '../ledger/ledger.js'
import type { MendableStorage } from '../storages/storage.js'
import { sleep, type Clock } from '../time/clock.js'
import { checkFile, type CheckedFile } from './reading/check-file.js'
import { recordingOf, recoveredLine, removedLine, tornLine, type RecoveredCounts } from './entries.js'
import { isEmpty, otherFormat, unprovenReason, whyNoFile } from './doubts.js'
import { inspectFile } from './reading/inspect.js'
import type { RepairOutcome } from './outcome.js'
import { changesOf, remake, type Remade } from './remake.js'
import type { Remains } from '../ledger/read/ledger-scan.js'
import { formatOf } from './remains.js'
import type { Remuxed } from './remuxer.js'

/** What repair works with. */
export interface RepairTools {
  readonly storage: MendableStorage
  readonly ledger: Ledger
  readonly formats: readonly Format[]
  readonly clock: Clock
  /** Waits between pieces, for work that must not disturb. Default not at all. */
  readonly pause?: () => Promise<void>
  /** Larger files are mended in place where that is safe, not copied. Default 1 GiB. */
  readonly copyLimitBytes?: number
}

const COPY_LIMIT_BYTES = 2 ** 30
/** The ledger should know of it before a file goes; a ledger that cannot be written holds up no longer than this. */
const LEDGER_WAIT_MS = 2000

/** Finishes one file that a crash or a failing volume left open, and enters it in the ledger. Never rejects. */
export async function repairFile(remains: Remains, tools: RepairTools): Promise<RepairOutcome> {
  try {
    return await new FileRepair(remains, tools).run()
  } catch (error) {
    const { name, source } = remains.open
    const fault = toIsrError(error, 'ISR_STORAGE_FAILED')
    const action = fault.code === 'ISR_STORAGE_NOT_FOUND' ? 'missing' : 'failed'
    return { name, source, action, droppedBytes: 0, ...(action === 'failed' && { error: fault }) }
  }
}

class FileRepair {
  readonly #remains: Remains
  readonly #tools: RepairTools
  readonly #name: string
  #format!: Format
  #prerollFrames = 0
  #sizeBytes = 0

  constructor(remains: Remains, tools: RepairTools) {
    this.#remains = remains
    this.#tools = tools
    this.#name = remains.open.name
  }

  async run(): Promise<RepairOutcome> {
    const { storage, formats, copyLimitBytes = COPY_LIMIT_BYTES } = this.#tools
    const { open } = this.#remains
    this.#sizeBytes = (await storage.stat(this.#name)).sizeBytes
    const format = formatOf(this.#remains, formats)
    if (!format) return this.#outcome('left', { reason: `its format ${JSON.stringify(open.format)} is not known` })
    // all that may be in it stands in the file that goes on from it
    if (this.#sizeBytes === 0 || this.#remains.keepFrames === 0) return this.#remove()
    const truth = await otherFormat(storage, this.#name, format, formats)
    if (truth) return this.#outcome('left', { reason: `it is ${truth.name}, not ${format.name}` })
    this.#format = format
    // the file itself knows best; what is torn in its head the ledger tells
    const layout = await inspectFile(storage, this.#name, format, this.#sizeBytes)
    this.#prerollFrames = layout?.prerollFrames ?? open.prerollFrames ?? 0
    if (this.#sizeBytes > copyLimitBytes) {
      const inPlace = await this.#mendInPlace()
      if (inPlace) return inPlace
    }
    return this.#mendByCopy()
  }

  /**
   * Without a copy, when nothing is cut off and only fields of the head change: those that said "unknown" while it grew. Torn by
   * another crash they are as unknown as before, and the next repair writes them again; no byte of audio is touched.
   */
  async #mendInPlace(): Promise<RepairOutcome | undefined> {
    const remade = await this.#remake()
    const { made } = remade
    if (!made || !remade.sameAudio || whyNoFile(remade, this.#format, this.#sizeBytes) || made.tail.length > 0)
      return undefined
    if (made.patches.some(({ offsetBytes, bytes }) => offsetBytes + bytes.length > made.headerBytes)) return undefined
    const { storage } = this.#tools
    const changes = await changesOf(storage, this.#name, made.patches)
    if (changes.length > 0 && !remade.sameHead) return undefined
    if (changes.length > 0) await storage.overwrite(this.#name, changes)
    const file = await this.#check(storage.read(this.#name), made.headerBytes)
    const unproven = unprovenReason(remade, made, file)
    if (unproven !== undefined) throw new IsrError('ISR_STORAGE_FAILED', `${this.#name}: ${unproven}`)
    return this.#enter(changes.length > 0 ? 'repaired' : 'complete', file, made.counts, made.headerBytes)
  }

  /** Into a new version beside it, which takes its place when it is proven to hold every frame of the remains. */
  async #mendByCopy(): Promise<RepairOutcome> {
    const { storage } = this.#tools
    const copy = await storage.replace(this.#name)
    try {
      const remade = await this.#remake((bytes) => copy.write(bytes))
      const { made } = remade
      const noFile = whyNoFile(remade, this.#format, this.#sizeBytes)
      if (noFile !== undefined || !made) return await this.#keepAsItIs(remade, noFile ?? '')
      await copy.write(made.tail)
      await copy.patch(made.patches)
      const file = await this.#check(copy.read(), made.headerBytes)
      const unproven = unprovenReason(remade, made, file)
      if (unproven !== undefined) return this.#outcome('left', { reason: unproven })
      const closed = await this.#alreadyClosed(made, file)
      if (closed) return this.#enter('complete', closed, made.counts, made.headerBytes)
      await copy.commit()
      return this.#enter('repaired', file, made.counts, made.headerBytes, remade.found.strayBytes)
    } finally {
      await copy.abandon()
    }
  }

  /**
   * The file as it stands, when it was closed and only its line in the ledger is missing: its audio and every correction of the
   * head are there. What else its head holds, titles for instance, was known when it was closed and is not known any more.
   */
  async #alreadyClosed(made: Remuxed, copy: CheckedFile): Promise<CheckedFile | undefined> {
    const { storage } = this.#tools
    if ((await storage.stat(this.#name)).sizeBytes !== copy.bytes) return undefined
    const inHead = made.patches.filter(({ offsetBytes }) => offsetBytes < made.headerBytes)
    if ((await changesOf(storage, this.#name, inHead)).length > 0) return undefined
    const file = await this.#check(storage.read(this.#name), made.headerBytes)
    return file.sha256 === copy.sha256 ? file : undefined
  }

  /** Nothing can be made of it. A frame that was cut is no audio; anything else may be: it stays, and the ledger tells what it is. */
  async #keepAsItIs(remade: Remade, reason: string): Promise<RepairOutcome> {
    const { storage, formats } = this.#tools
    const told = { prerollFrames: this.#prerollFrames, headerBytes: this.#remains.open.headerBytes ?? 0 }
    const facts = { name: this.#name, sizeBytes: this.#sizeBytes, format: this.#format, found: remade.found, ...told }
    if (await isEmpty(storage, formats, facts)) return this.#remove()
    const headerBytes = Math.min(this.#sizeBytes, told.headerBytes)
    const file = await this.#check(storage.read(this.#name), headerBytes)
    const { frames, samples, prerollFrames, prerollSamples } = file.totals
    const line = recoveredLine(this.#remains, file, { frames, samples, prerollFrames, prerollSamples }, headerBytes)
    void this.#tools.ledger.append(line)
    return this.#outcome('left', { reason, recording: recordingOf(line, file.totals.header) })
  }

  async #remove(): Promise<RepairOutcome> {
    const { storage, ledger, clock } = this.#tools
    const late = new AbortController()
    const written = ledger.append(removedLine(this.#remains, clock.now())).then(() => late.abort())
    await Promise.race([written, sleep(clock, LEDGER_WAIT_MS, late.signal)])
    await storage.remove(this.#name)
    return this.#outcome('removed')
  }

  #remake(write?: (bytes: Uint8Array) => Promise<void>): Promise<Remade> {
    const { storage, pause } = this.#tools
    return remake({
      storage,
      remains: this.#remains,
      format: this.#format,
      prerollFrames: this.#prerollFrames,
      ...(write && { write }),
      ...(pause && { pause }),
    })
  }

  #check(chunks: AsyncIterable<Uint8Array>, headerBytes: number): Promise<CheckedFile> {
    const { pause } = this.#tools
    return checkFile(chunks, {
      format: this.#format,
      headerBytes,
      prerollFrames: this.#prerollFrames,
      ...(pause && { pause }),
    })
  }

  #enter(
    action: 'repaired' | 'complete',
    file: CheckedFile,
    counts: RecoveredCounts,
    headerBytes: number,
    droppedBytes = 0,
  ): RepairOutcome {
    const { ledger } = this.#tools
    const line = recoveredLine(this.#remains, file, counts, headerBytes)
    // what a failing volume did not take is in the ledger already
    if (droppedBytes > 0 && !this.#remains.failed) void ledger.append(tornLine(this.#remains, line, droppedBytes))
    void ledger.append(line)
    return this.#outcome(action, { droppedBytes, recording: recordingOf(line, file.totals.header) })
  }

  #outcome(action: RepairOutcome['action'], more: Partial<RepairOutcome> = {}): RepairOutcome {
    const { name, source } = this.#remains.open
    return { name, source, action, droppedBytes: 0, ...more }
  }
}
