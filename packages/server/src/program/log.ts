import { pino, type DestinationStream, type Logger } from 'pino'

/** Wherever a request or its body should ever be logged. */
const SECRETS = [
  'token',
  '*.token',
  '*.body',
  '*.headers.authorization',
  '*.headers.cookie',
  'headers.authorization',
  'headers.cookie',
]

/** The log of a program: lines of JSON without secrets, from `info` on. @param destination - default: standard output */
export function programLog(destination?: DestinationStream): Logger {
  const options = { level: 'info', redact: SECRETS }
  return destination ? pino(options, destination) : pino(options)
}

/** What {@link faultLog} reads of a line of pino's. */
interface Logged {
  readonly level: number
  readonly msg?: string
  readonly path?: string
  readonly err?: { readonly message?: string }
}

const WARN = 40

/**
 * A log for programs that talk to people: warnings and faults alone, each as one line of text without secrets.
 * @param tell - told each
 */
export function faultLog(tell: (text: string) => void): Logger {
  return programLog({
    write(line) {
      const { level, msg = '', path, err } = JSON.parse(line) as Logged
      if (level < WARN) return
      tell([`server: ${msg}`, path, err?.message].filter((part) => part !== undefined && part !== '').join(': '))
    },
  })
}
