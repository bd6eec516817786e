import { expect, it } from 'vitest'
import { Md5 } from '../../src/bytes/md5.js'

it('Md5 has the sums of RFC 1321, in any pieces', () => {
  const sums: [string, string][] = [
    ['', 'd41d8cd98f00b204e9800998ecf8427e'],
    ['abc', '900150983cd24fb0d6963f7d28e17f72'],
    [
      '12345678901234567890123456789012345678901234567890123456789012345678901234567890',
      '57edf4a22be3c955ac49da2e2107b67a',
    ],
  ]
  for (const [text, sum] of sums) {
    for (const piece of [1, 7, 1000]) {
      const md5 = new Md5()
      const bytes = new TextEncoder().encode(text)
      for (let at = 0; at < bytes.length; at += piece) md5.update(bytes.subarray(at, at + piece))
      const digest = md5.digest()
      expect(digest).toHaveLength(16)
      expect(Buffer.from(digest).toString('hex')).toBe(sum)
    }
  }
})
