import { SourceError, type IsrErrorCode } from '../../errors.js'
import type { ProgramExit } from '../process/program-connection.js'
import { printable, redactText } from '../redact.js'

/** What is known of a capture that ended. */
export interface CaptureFacts {
  /** Name of the source. */
  readonly source: string
  /** Name of the program. */
  readonly program: string
  /** The device, for people. */
  readonly device: string
}

/** What programs say, and what it means. The first that fits counts. */
const MEANINGS: readonly { readonly words: RegExp; readonly code: IsrErrorCode; readonly mend?: string }[] = [
  {
    words: /No such file or directory|No such device|No such entity|Unknown PCM|Cannot get card index|Invalid CTL/i,
    code: 'ISR_SOURCE_NOT_FOUND',
  },
  {
    words: /resource busy/i,
    code: 'ISR_SOURCE_BUSY',
    mend: 'another program, or a sound server, has opened it; fuser -v /dev/snd/* tells which',
  },
  {
    words: /(Permission|Access) denied/i,
    code: 'ISR_SOURCE_DENIED',
    mend: 'add the user to the group audio, and log in anew',
  },
  { words: /Connection (refused|failure|terminated)|Host is down/i, code: 'ISR_SOURCE_UNREACHABLE' },
  {
    words: /non available|Unable to install|Invalid argument|Invalid sample spec|Not supported/i,
    code: 'ISR_SOURCE_UNSUPPORTED',
    mend: 'set sample_rate, channels and sample_format to what the device has, or write plughw: in place of hw:, which converts',
  },
]

/** Lines that say what is wrong, amid those that say how the device is set up. */
const TELLING =
  /^- |^Available|error|warning|fail|unable|cannot|unknown|no such|denied|refused|busy|non available|terminated/i

/** Somebody asked the program to end: that is no fault of the device. @source alsa-utils aplay.c, signal_handler */
const ASKED_TO_END = /^Aborted by signal/m

/** Where in its source a program says something. */
const PLACE = /^(arecord: \w+:\d+: |ALSA lib \S+:\(\w+\) )/

/**
 * Why a capture program ended by itself, in its own words; undefined when it was a clean end.
 * @param heard - whether audio had come
 */
export function explainExit(exit: ProgramExit, facts: CaptureFacts, heard: boolean): SourceError | undefined {
  const { code, signal, words } = exit
  if (code === 0 || signal === 'SIGTERM' || signal === 'SIGINT' || ASKED_TO_END.test(words)) return undefined
  const said = tellingWords(words)
  const how = signal ? `was ended by ${signal}` : `exited with code ${code}`
  const meaning = MEANINGS.find((one) => one.words.test(said))
  const text = said === '' ? `${facts.program} ${how} and said nothing` : said
  const mend = heard || meaning?.mend === undefined ? '' : `; ${meaning.mend}`
  const kind = heard ? 'ISR_SOURCE_RESET' : (meaning?.code ?? 'ISR_SOURCE_FAILED')
  return captureError(kind, `${text}${mend}`, facts)
}

/** An error that names program and device. */
export function captureError(code: IsrErrorCode, text: string, { source, program, device }: CaptureFacts): SourceError {
  return new SourceError(code, `${program}, ${device}: ${text}`, { source })
}

/** What a program said is wrong: one line, bounded, no secrets. */
function tellingWords(words: string): string {
  const lines = words.split(/[\r\n]+/).filter((line) => line.trim() !== '')
  const telling = lines.filter((line) => TELLING.test(line))
  const said = (telling.length > 0 ? telling.slice(-8) : lines.slice(-3)).map((line) => line.replace(PLACE, '').trim())
  return printable(redactText([...new Set(said)].join(' | ')), 400)
}
