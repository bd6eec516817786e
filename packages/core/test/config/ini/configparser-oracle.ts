import { execFileSync } from 'node:child_process'

/** What python3's configparser made of a file. */
export interface OracleAnswer {
  /** Values of each section, `[DEFAULT]` under its own name; absent when it refused the file. */
  readonly sections?: Record<string, [key: string, value: string][]>
  /** Exception, with the line numbers it names. */
  readonly error?: { readonly kind: string; readonly lines: number[]; readonly option?: string }
}

const PROGRAM = `
import configparser, io, json, sys, base64
def read(data):
    parser = configparser.ConfigParser(interpolation=None)
    try:
        parser.read_file(io.TextIOWrapper(io.BytesIO(data), encoding='utf-8-sig', newline=None))
    except configparser.ParsingError as error:
        missing = isinstance(error, configparser.MissingSectionHeaderError)
        lines = [error.lineno] if missing else [line for line, _ in error.errors]
        return {'error': {'kind': type(error).__name__, 'lines': lines}}
    except (configparser.DuplicateSectionError, configparser.DuplicateOptionError) as error:
        return {'error': {'kind': type(error).__name__, 'lines': [error.lineno], 'option': getattr(error, 'option', None)}}
    sections = {name: list(parser._sections[name].items()) for name in parser.sections()}
    sections['DEFAULT'] = list(parser.defaults().items())
    return {'sections': sections}
json.dump([read(base64.b64decode(text)) for text in json.load(sys.stdin)], sys.stdout)
`

/** Asks python3 about all `files` in one process. */
export function askConfigparser(files: readonly string[]): OracleAnswer[] {
  const input = JSON.stringify(files.map((file) => Buffer.from(file).toString('base64')))
  const answer = execFileSync('python3', ['-c', PROGRAM], { input, encoding: 'utf8', maxBuffer: 1 << 28 })
  return JSON.parse(answer) as OracleAnswer[]
}
