import type { IniSection, IniValue } from './ini/ini.js'
import { isKey, KEYS } from './keys.js'
import type { KeyName, KeySpec, KeyValue } from './keys.js'
import { nearest } from './values/nearest.js'
import type { ProblemLog, ProblemPlace } from './problems.js'

/** The section that gives defaults to all others. */
export const GENERAL = 'general'

/** A value where it was written. */
export interface Entry<T> {
  /** Absent when the value is empty (there is none), or faulty. */
  readonly value?: T
  /** Reported already: whoever misses the value says nothing more. */
  readonly faulty: boolean
  /** For problems. */
  readonly place: ProblemPlace
}

/** A value from outside of the file, under the name that people know it by. */
export interface LabelledText {
  /** The text, as it would stand in the file. */
  readonly text: string
  /** `--split-minutes` or `ISR_SPLIT_MINUTES`. */
  readonly label: string
}

/** Values by key. */
export type Entries = ReadonlyMap<KeyName, Entry<unknown>>

/** Values that the levels of a configuration hold, each read and judged once, where it was written. */
export class Layers {
  readonly #before: readonly Entries[]
  readonly #after: readonly Entries[]

  /**
   * @param before - what wins over a section, strongest first
   * @param after - what a section inherits, strongest first
   */
  constructor(before: readonly Entries[], after: readonly Entries[]) {
    this.#before = before
    this.#after = after
  }

  /** The entry in force for `section`; undefined when nobody sets the key. */
  entry<K extends KeyName>(section: Entries, key: K): Entry<KeyValue<K>> | undefined {
    for (const layer of [...this.#before, section, ...this.#after]) {
      const entry = layer.get(key)
      if (entry) return entry as Entry<KeyValue<K>>
    }
    return undefined
  }
}

/** Reads the values of a section, and judges its keys. */
export function sectionEntries(section: IniSection, problems: ProblemLog): Entries {
  const entries = new Map<KeyName, Entry<unknown>>()
  for (const [name, value] of section.values) {
    const place = { line: value.line, section: section.name, key: name }
    if (!isKey(name)) {
      const near = nearest(name, Object.keys(KEYS))
      problems.warn(place, `unknown key, ignored${near === undefined ? '' : `; did you mean ${near}?`}`)
    } else if (KEYS[name].generalOnly && section.name !== GENERAL && section.name !== 'DEFAULT') {
      problems.warn(place, `only [${GENERAL}] can set it; ignored here`)
    } else {
      entries.set(name, readEntry(name, value, place, problems))
    }
  }
  return entries
}

/** Reads values that come from flags. */
export function labelledEntries(values: Readonly<Record<string, LabelledText>>, problems: ProblemLog): Entries {
  const entries = new Map<KeyName, Entry<unknown>>()
  for (const [name, { text, label }] of Object.entries(values)) {
    if (isKey(name)) entries.set(name, readEntry(name, { text }, { origin: label, key: name }, problems))
  }
  return entries
}

/** Reads `ISR_<KEY>`; empty variables count as unset. Of unknown ones only slips of the pen are reported. */
export function environmentEntries(env: Readonly<Record<string, string | undefined>>, problems: ProblemLog): Entries {
  const variables = new Map(Object.keys(KEYS).map((key) => [`ISR_${key.toUpperCase()}`, key]))
  const values: Record<string, LabelledText> = {}
  for (const [label, text] of Object.entries(env)) {
    const key = variables.get(label)
    if (key !== undefined && text !== undefined && text.trim() !== '') values[key] = { text, label }
    // Other variables of this prefix are somebody else's.
    if (key !== undefined || !/^ISR_.{6}/.test(label)) continue
    const near = nearest(label.slice(4), variables.values())
    if (near) problems.warn({ origin: label }, `unknown variable, ignored; did you mean ISR_${near.toUpperCase()}?`)
  }
  return labelledEntries(values, problems)
}

function readEntry(
  name: KeyName,
  value: Omit<IniValue, 'line'>,
  place: ProblemPlace,
  problems: ProblemLog,
): Entry<unknown> {
  const spec = KEYS[name] as KeySpec<unknown>
  const text = value.text.trim()
  if (text === '' && spec.mayBeEmpty) return { faulty: false, place }
  const refuse = (message: string): Entry<unknown> => {
    problems.error(place, message)
    return { faulty: true, place }
  }
  const example = exampleOf(name, place)
  if (text === '') return refuse(`it has no value; ${example}`)
  if (text.includes('\n') && !spec.severalLines)
    return refuse(
      value.continuedAt === undefined
        ? 'it takes one line only'
        : `it takes one line only, and line ${value.continuedAt} continues it; start that line without white space`,
    )
  const parsed = spec.parse(text)
  if ('fault' in parsed) return refuse(`${parsed.fault}; ${parsed.mend ?? example}`)
  if (parsed.warning !== undefined) problems.warn(place, parsed.warning)
  return { value: parsed.value, faulty: false, place }
}

function exampleOf(name: KeyName, place: ProblemPlace): string {
  const { example } = KEYS[name]
  if (place.origin === undefined) return `write for example ${name} = ${example}`
  return `write for example ${place.origin}${place.origin.startsWith('--') ? ' ' : '='}${example}`
}
