import { indentOf, linesOf, strip, stripEnd } from './python-text.js'

/** One value and where it stands. */
export interface IniValue {
  /** Continuation lines joined by `\n`, as Python gives them. */
  readonly text: string
  /** 1-based line of the key. */
  readonly line: number
  /** 1-based line of the first continuation line that holds text; absent when the value is on one line. */
  readonly continuedAt?: number
}

/** One `[section]`. */
export interface IniSection {
  /** Name between the brackets, exactly as written. */
  readonly name: string
  /** 1-based line of its header; 0 for `[DEFAULT]` when the file has none. */
  readonly line: number
  /** Values by key in lower case, in the order of the file. */
  readonly values: ReadonlyMap<string, IniValue>
}

/** Something configparser refuses, under the name of its exception. */
export interface IniFault {
  /** `MissingSectionHeader`: text before the first section. `Parsing`: a line that is nothing known. */
  readonly kind: 'MissingSectionHeader' | 'DuplicateSection' | 'DuplicateOption' | 'Parsing'
  /** 1-based. */
  readonly line: number
  /** Section concerned; absent before the first. */
  readonly section?: string
  /** Key concerned, of `DuplicateOption`. */
  readonly key?: string
  /** Where the first of two duplicates stands. */
  readonly firstLine?: number
}

/** What a file holds, with everything that is wrong in it. Meaningful without faults only, useful with them too. */
export interface IniDocument {
  /** In the order of the file, without `[DEFAULT]`. */
  readonly sections: ReadonlyMap<string, IniSection>
  /** `[DEFAULT]`: values that every section sees. */
  readonly defaults: IniSection
  /** In the order of the file. */
  readonly faults: readonly IniFault[]
}

interface OpenValue {
  readonly lines: string[]
  readonly line: number
  continuedAt?: number
}

interface OpenSection {
  readonly name: string
  line: number
  readonly values: Map<string, OpenValue>
}

/**
 * Reads INI text as Python's `configparser.ConfigParser(interpolation=None)` does: `=` and `:` both delimit, comments stand
 * on lines of their own, deeper indentation continues a value. Goes on after a fault, so that all of them are found.
 * A byte order mark is skipped.
 *
 * @source https://docs.python.org/3/library/configparser.html#supported-ini-file-structure
 */
export function parseIni(text: string): IniDocument {
  const reader = new IniReader()
  linesOf(text.startsWith('\uFEFF') ? text.slice(1) : text).forEach((line, index) => reader.take(line, index + 1))
  return reader.document()
}

class IniReader {
  readonly #sections = new Map<string, OpenSection>()
  readonly #defaults: OpenSection = { name: 'DEFAULT', line: 0, values: new Map() }
  readonly #faults: IniFault[] = []
  #section?: OpenSection
  #value?: OpenValue
  #indent = 0
  #headless = false

  take(line: string, lineNumber: number): void {
    const content = strip(line)
    if (content.startsWith('#') || content.startsWith(';')) return
    if (content === '') {
      this.#value?.lines.push('')
      return
    }
    const indent = indentOf(line)
    if (this.#value && indent > this.#indent) {
      this.#value.lines.push(content)
      this.#value.continuedAt ??= lineNumber
      return
    }
    this.#indent = indent
    const header = headerName(content)
    if (header !== undefined) this.#openSection(header, lineNumber)
    else if (this.#section) this.#openValue(this.#section, content, lineNumber)
    else if (!this.#headless) {
      this.#headless = true
      this.#faults.push({ kind: 'MissingSectionHeader', line: lineNumber })
    }
  }

  document(): IniDocument {
    const sections = new Map([...this.#sections].map(([name, section]) => [name, closed(section)]))
    return { sections, defaults: closed(this.#defaults), faults: this.#faults }
  }

  #openSection(name: string, line: number): void {
    this.#value = undefined
    if (name === this.#defaults.name) {
      this.#defaults.line ||= line
      this.#section = this.#defaults
      return
    }
    const first = this.#sections.get(name)
    this.#section = { name, line, values: new Map() }
    if (first) this.#faults.push({ kind: 'DuplicateSection', line, section: name, firstLine: first.line })
    else this.#sections.set(name, this.#section)
  }

  #openValue(section: OpenSection, content: string, line: number): void {
    const at = content.search(/[=:]/)
    // Without a delimiter the line is skipped, and what is indented under it still continues the value before.
    if (at < 0) return void this.#faults.push({ kind: 'Parsing', line, section: section.name })
    const key = stripEnd(content.slice(0, at)).toLowerCase()
    const value: OpenValue = { lines: [strip(content.slice(at + 1))], line }
    this.#value = key === '' ? undefined : value
    if (key === '') return void this.#faults.push({ kind: 'Parsing', line, section: section.name })
    const first = section.values.get(key)
    if (!first) section.values.set(key, value)
    else this.#faults.push({ kind: 'DuplicateOption', line, section: section.name, key, firstLine: first.line })
  }
}

/** What stands between the first `[` and the last `]` of a line that starts with a bracket. */
function headerName(content: string): string | undefined {
  const end = content.lastIndexOf(']')
  return content.startsWith('[') && end > 1 ? content.slice(1, end) : undefined
}

function closed(section: OpenSection): IniSection {
  const values = new Map(
    [...section.values].map(([key, { lines, line, continuedAt }]): [string, IniValue] => [
      key,
      { text: stripEnd(lines.join('\n')), line, ...(continuedAt === undefined ? {} : { continuedAt }) },
    ]),
  )
  return { name: section.name, line: section.line, values }
}
