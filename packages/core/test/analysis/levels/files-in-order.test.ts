import { expect, test } from 'vitest'
import { FilesInOrder } from '../../../src/analysis/levels/files-in-order.js'

test('what concerns a file waits for the end of the files before it', () => {
  const done: string[] = []
  const files = new FilesInOrder()
  const [a, b, c] = [files.begin(), files.begin(), files.begin()]
  b.run(() => done.push('b1'))
  a.run(() => done.push('a1'))
  c.end(() => done.push('c end'))
  expect(done).toEqual(['a1'])
  b.end(() => done.push('b end'))
  a.end(() => done.push('a end'))
  expect(done).toEqual(['a1', 'a end', 'b1', 'b end', 'c end'])
  files.begin().run(() => done.push('d1'))
  expect(done.at(-1)).toBe('d1')
})
