/** Collects what passed and failed, shows it as it comes, and prints the plain total as the very last line. */
export class Report {
  #passed = 0
  #failed = 0
  #skipped = 0
  #failures = []
  #needed = []

  /** A heading in the stream of output. */
  heading(text) {
    console.log(`\n== ${text}`)
  }

  /** One check: its own words are shown when it failed. */
  check(name, { ok, output = '', seconds }) {
    const time = seconds === undefined ? '' : ` (${seconds.toFixed(1)} s)`
    console.log(`${ok ? 'ok    ' : 'FAILED'}  ${name}${time}`)
    if (ok) this.#passed++
    else {
      this.#failed++
      this.#failures.push(name)
      if (output) console.log(output.replace(/^/gm, '        '))
    }
  }

  /** Counts of a test runner. */
  add({ passed, failed, skipped, failures = [], needed = [] }) {
    this.#passed += passed
    this.#failed += failed
    this.#skipped += skipped
    this.#failures.push(...failures)
    this.#needed.push(...needed)
  }

  /** Names the failures and prints the total. @returns {number} exit code */
  finish() {
    list('Passed at the second try only: a race to be found', this.#needed)
    list('Failed', this.#failures)
    const skipped = this.#skipped > 0 ? `, ${this.#skipped} skipped` : ''
    console.log(`\n${this.#passed} passed, ${this.#failed} failed${skipped}`)
    return this.#failed > 0 ? 1 : 0
  }
}

function list(title, names) {
  if (names.length > 0) console.log(`\n${title}:\n${names.map((name) => `  ${name}`).join('\n')}`)
}
