import { writeFileSync } from 'node:fs'

/** A reporter of vitest: errors that belong to no test, which its JSON leaves out, as a number in the file ISR_UNHANDLED_FILE. */
export default class CountUnhandled {
  onTestRunEnd(_modules, unhandledErrors) {
    const path = process.env.ISR_UNHANDLED_FILE
    if (path) writeFileSync(path, String(unhandledErrors.length))
  }
}
