/** More broken files than this are no accident of a busy machine: they are told at once. */
const MOST_FILES = 8
/** Chance has found a counterexample; it would not find the same again. */
const COUNTEREXAMPLE = /Property failed after|Counterexample:/

/**
 * Parts that are tested in real time (sound servers, browsers, disks, processes that are killed) share two cores with each other and
 * with whoever else is on the machine. So what failed is run once more, one file after another, and then must pass. A test that needed
 * this is named before the total: it is a race that somebody has to look for, in the test or in the product.
 *
 * @param first - results of vitest's JSON reporter
 * @param runAgain - runs these files with no other beside them; resolves to their results
 * @returns the results with those of the second try in their places, and the names of the tests that needed it
 */
export async function secondTry(first, runAgain) {
  const broken = (first?.testResults ?? []).filter(({ status }) => status === 'failed')
  const again = broken.filter((file) => !failures(file).some(hasCounterexample))
  if (again.length === 0 || broken.length > MOST_FILES) return { results: first, needed: [] }
  const second = new Map((await runAgain(again.map(({ name }) => name)))?.testResults.map((file) => [file.name, file]))
  const needed = again.flatMap((file) => (second.get(file.name)?.status === 'passed' ? namesOf(file) : []))
  const testResults = first.testResults.map((file) => (again.includes(file) ? (second.get(file.name) ?? file) : file))
  return { results: { ...first, testResults }, needed }
}

const failures = (file) => file.assertionResults.filter(({ status }) => status === 'failed')
const namesOf = (file) =>
  failures(file).length > 0 ? failures(file).map(({ fullName }) => `${file.name} > ${fullName}`) : [file.name]
const hasCounterexample = ({ failureMessages }) => failureMessages.some((message) => COUNTEREXAMPLE.test(message))
