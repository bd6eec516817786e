import { describe, expect, it } from 'vitest'

interface TestFile {
  readonly name: string
  readonly status: string
  readonly assertionResults: readonly { fullName: string; status: string; failureMessages: readonly string[] }[]
}
interface Results {
  readonly testResults: readonly TestFile[]
}
type SecondTry = (
  first: Results | undefined,
  runAgain: (files: string[]) => Promise<Results | undefined>,
) => Promise<{ results: Results; needed: string[] }>

const script = '../../scripts/checks/second-try.mjs'
const { secondTry } = (await import(script)) as { secondTry: SecondTry }

const passed = (name: string): TestFile => ({
  name,
  status: 'passed',
  assertionResults: [{ fullName: 'works', status: 'passed', failureMessages: [] }],
})
const failed = (name: string, message = 'expected 1 to be 2'): TestFile => ({
  name,
  status: 'failed',
  assertionResults: [{ fullName: 'works', status: 'failed', failureMessages: [message] }],
})
const results = (...testResults: TestFile[]): Results => ({ testResults })
const never = () => Promise.reject(new Error('was run again'))

describe('the second try of tests', () => {
  it('names what passes then, and takes its result', async () => {
    const asked: string[][] = []
    const tried = await secondTry(results(passed('a'), failed('b')), (files) => {
      asked.push(files)
      return Promise.resolve(results(passed('b')))
    })
    expect(asked).toEqual([['b']])
    expect(tried).toEqual({ results: results(passed('a'), passed('b')), needed: ['b > works'] })
  })

  it('names a file that did not even load by itself', async () => {
    const first = results({ name: 'a', status: 'failed', assertionResults: [] })
    expect(await secondTry(first, () => Promise.resolve(results(passed('a'))))).toMatchObject({ needed: ['a'] })
  })

  it('leaves failed what fails again, or what the second run does not tell of', async () => {
    const first = results(failed('a'), failed('b'))
    const again = await secondTry(first, () => Promise.resolve(results(failed('a', 'again'), passed('b'))))
    expect(again).toEqual({ results: results(failed('a', 'again'), passed('b')), needed: ['b > works'] })
    expect(await secondTry(first, () => Promise.resolve(undefined))).toEqual({ results: first, needed: [] })
  })

  it('is not given to a counterexample, nor to many broken files', async () => {
    const counterexample = results(failed('a', 'Property failed after 3 tests'))
    expect(await secondTry(counterexample, never)).toEqual({ results: counterexample, needed: [] })
    const many = results(...Array.from({ length: 9 }, (_, index) => failed(`${index}`)))
    expect(await secondTry(many, never)).toEqual({ results: many, needed: [] })
    expect(await secondTry(undefined, never)).toEqual({ results: undefined, needed: [] })
  })
})
