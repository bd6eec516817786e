import type { ProblemPlace } from '../problems.js'
import type { IniFault } from './ini.js'

/** A fault of the file in words: where it is, and what to do. Never quotes the line, which may hold a password. */
export function describeIniFault({ kind, line, section, key, firstLine }: IniFault): [ProblemPlace, string] {
  switch (kind) {
    case 'MissingSectionHeader':
      return [{ line }, 'this stands before the first section; begin the file with [general] or the name of a source']
    case 'DuplicateSection':
      return [{ line, section }, `this section exists already, on line ${firstLine}; rename one of them, or merge both`]
    case 'DuplicateOption':
      return [{ line, section, key }, `it is set already, on line ${firstLine}; keep one of them`]
    case 'Parsing':
      return [
        { line, section },
        'this line is no key = value, no [section] and no comment; put a # before it, or mend it',
      ]
  }
}
