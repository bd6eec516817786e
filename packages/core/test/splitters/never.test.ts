import { expect, it } from 'vitest'
import { Never } from '../../src/splitters/never.js'
import { Splitter } from '../../src/splitters/splitter.js'
import { frameMaker, split } from '../support/split-run.js'

it('Never makes one file', () => {
  const splitter = new Never()
  expect(splitter).toBeInstanceOf(Splitter)
  const spans = Array.from({ length: 500 }, () => ({ span: frameMaker(44_100, 1152)(100), metadata: { title: 'x' } }))
  expect(split(splitter, spans, (sample) => sample)).toHaveLength(1)
})
