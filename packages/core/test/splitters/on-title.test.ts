import { describe, expect, it } from 'vitest'
import { OnTitle } from '../../src/splitters/on-title.js'
import { frameMaker, split, type SplitInput } from '../support/split-run.js'

const one = frameMaker(1000, 100)(1)

/** A frame a word: the title that comes with it, `-` for none. */
function frames(words: string): SplitInput[] {
  return words.split(' ').map((word) => (word === '-' ? { span: one } : { span: one, metadata: { title: word } }))
}

const lengths = (words: string) => split(new OnTitle(), frames(words), (sample) => sample).map((file) => file.frames)

describe('OnTitle', () => {
  it('cuts when the title changes', () => {
    expect(lengths('a - - b - c')).toEqual([3, 2, 1])
    expect(lengths('a b a')).toEqual([1, 1, 1])
  })

  it('does not cut at the first title of a file, nor at the same again', () => {
    expect(lengths('- - a - - a - b')).toEqual([7, 1])
  })

  it('takes no notice of empty titles and of other metadata', () => {
    const inputs = [...frames('a -'), { span: one, metadata: { title: ' ' } }, { span: one, metadata: { url: 'x' } }]
    const files = split(new OnTitle(), [...inputs, ...frames('- a - b')], (sample) => sample)
    expect(files.map((file) => file.frames)).toEqual([7, 1])
  })

  it('knows no title yet in a file that it did not cut itself', () => {
    const splitter = new OnTitle()
    split(splitter, frames('a - b'), (sample) => sample)
    const afterReconnect = split(splitter, frames('- c - d'), (sample) => 10_000 + sample)
    expect(afterReconnect.map((file) => file.frames)).toEqual([3, 1])
  })
})
