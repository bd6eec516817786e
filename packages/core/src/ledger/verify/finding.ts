const CODES = {
  'ledger-missing': 'The folder has no ledger: nothing says what its recordings should be.',
  'line-unreadable': 'A line of the ledger is no line of a ledger.',
  'line-torn': 'The last line of the ledger was cut by a crash.',
  'line-unknown': 'A line of a kind or version that this version does not know: it was edited, or is newer.',
  'line-contradicts': 'A line of the ledger contradicts itself, another line, or the file: it was edited.',
  'line-missing': 'A line of the ledger was removed: a recording of a run is not told of.',
  'file-missing': 'A recording that the ledger knows is gone.',
  'file-foreign': 'An audio file that the ledger does not know.',
  'file-empty':
    'A file is empty, and the ledger does not know it: it was made in the moment of a crash. No audio is missing.',
  'file-unfinished': 'A recording was left open by a crash or a failing volume.',
  'file-open': 'A recording is being made.',
  'file-size': 'A file has another size than when it was closed.',
  'file-changed': 'Bytes of a file are not what was recorded.',
  'file-exchanged': 'A file holds another recording.',
  'file-damaged': 'A file holds bytes that are in no whole frame, or frames whose checksum is wrong.',
  'file-unreadable': 'A file cannot be read.',
  'file-unhashed': 'The ledger has no hash of a file: its content cannot be proven.',
  'run-joint': 'Two recordings of a run do not join in time.',
  'run-law': 'The bytes of a run do not add up: received is not kept plus discarded.',
  'run-open': 'The ledger does not tell how a run ended.',
  'time-overlap': 'Two runs of a source overlap: the server sent the end of one again.',
  'time-missing': 'Nothing was recorded, and no gap is told of: the recorder did not run.',
  'seal-chain': 'The chain of seals is broken: a sealed line was removed, edited or moved.',
  'seal-missing': 'A recording has no seal, though it was to get one, or recordings before it have.',
  'seal-ended': 'A source was sealed, and is no more: recordings that were promised no seal follow.',
  'seal-broken': 'A file is not what was sealed.',
} as const

/** One of {@link FINDING_CODES}. */
export type FindingCode = keyof typeof CODES

/** Kinds of {@link Finding}, and what they mean. */
export const FINDING_CODES: Readonly<Record<FindingCode, string>> = CODES

/** Something that verification has found. */
export interface Finding {
  /** `fault`: it is not as it was recorded. `note`: worth to know, as it should be. */
  readonly severity: 'fault' | 'note'
  /** What kind it is. */
  readonly code: FindingCode
  /** What, where, and how to mend it. */
  readonly message: string
  /** Name of the source it concerns. */
  readonly source?: string
  /** The run it concerns. */
  readonly run?: string
  /** Storage key of the file it concerns. */
  readonly name?: string
  /** Line of the ledger, from 1. */
  readonly line?: number
}

/** Where a finding is. */
export type FindingPlace = Pick<Finding, 'source' | 'run' | 'name' | 'line'>

/** More than anybody reads; the rest is counted. */
const MOST_FINDINGS = 10_000

/** Collects what is found. Bounded, whatever a ledger holds. */
export class Findings {
  readonly #list: Finding[] = []
  readonly #about: (name: string | undefined) => boolean
  #faults = 0
  #notes = 0

  /** @param about - whether findings about a file, or about none, are wanted */
  constructor(about: (name: string | undefined) => boolean = () => true) {
    this.#about = about
  }

  /** It is not as it was recorded. */
  fault(code: FindingCode, place: FindingPlace, message: string): void {
    this.#add({ severity: 'fault', code, ...placeOf(place), message })
  }

  /** Worth to know. */
  note(code: FindingCode, place: FindingPlace, message: string): void {
    this.#add({ severity: 'note', code, ...placeOf(place), message })
  }

  /** What was found, in the order of the finding; at most 10,000. */
  get list(): readonly Finding[] {
    return this.#list
  }

  /** How many faults there are. */
  get faults(): number {
    return this.#faults
  }

  /** How many notes there are. */
  get notes(): number {
    return this.#notes
  }

  #add(finding: Finding): void {
    if (finding.code !== 'ledger-missing' && !this.#about(finding.name)) return
    if (finding.severity === 'fault') this.#faults++
    else this.#notes++
    if (this.#list.length < MOST_FINDINGS) this.#list.push(finding)
  }
}

/** Lines have more fields than a place. */
function placeOf({ source, run, name, line }: FindingPlace): FindingPlace {
  return {
    ...(source !== undefined && { source }),
    ...(run !== undefined && { run }),
    ...(name !== undefined && { name }),
    ...(line !== undefined && { line }),
  }
}
