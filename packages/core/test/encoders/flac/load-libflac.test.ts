import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { brotliDecompressSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { forgetLibFlac, loadLibFlac } from '../../../src/encoders/flac/load-libflac.js'
import { libFlacWasm } from '../../../src/wasm/libflac.js'

it('has the binary of libflacjs with it, byte for byte', () => {
  const require = createRequire(import.meta.url)
  const path = require.resolve('libflacjs/dist/libflac.wasm.wasm')
  expect(brotliDecompressSync(Buffer.from(libFlacWasm, 'base64')).equals(readFileSync(path))).toBe(true)
})

it('is made ready once, and leaves the globals and the environment of the process as they are', () => {
  const { fetch } = globalThis
  expect(loadLibFlac()).toBe(loadLibFlac())
  expect(globalThis.fetch).toBe(fetch)
  expect(Object.keys(process.env).filter((name) => name.startsWith('FLAC'))).toEqual([])
})

it('is made anew when it is broken, by whoever finds out first', () => {
  const broken = loadLibFlac()
  forgetLibFlac(broken)
  const fresh = loadLibFlac()
  expect(fresh).not.toBe(broken)
  forgetLibFlac(broken)
  expect(loadLibFlac()).toBe(fresh)
})
