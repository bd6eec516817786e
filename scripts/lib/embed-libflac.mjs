// The binary of libFLAC, which npm brings inside libflacjs, as text among the sources: like the kernels it travels with the bundle, so
// that nothing is found, fetched or read at run time.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib'
import { root } from './workspace.mjs'

const BINARY = 'node_modules/libflacjs/dist/libflac.wasm.wasm'
const TARGET = 'packages/core/src/wasm/libflac.ts'

// Kept by bundlers (the exclamation mark): who hands on the binary hands on its terms.
const TERMS = `/*! libFLAC 1.3.4 (https://xiph.org/flac), compiled to WebAssembly in libflacjs 5.6.0 (MIT, (c) 2014-2020 DFKI GmbH).
Copyright (C) 2000-2009 Josh Coalson, (C) 2011-2022 Xiph.Org Foundation

Redistribution and use in source and binary forms, with or without modification, are permitted provided that the following conditions
are met:
- Redistributions of source code must retain the above copyright notice, this list of conditions and the following disclaimer.
- Redistributions in binary form must reproduce the above copyright notice, this list of conditions and the following disclaimer in the
  documentation and/or other materials provided with the distribution.
- Neither the name of the Xiph.org Foundation nor the names of its contributors may be used to endorse or promote products derived from
  this software without specific prior written permission.

THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS AND CONTRIBUTORS "AS IS" AND ANY EXPRESS OR IMPLIED WARRANTIES, INCLUDING, BUT NOT
LIMITED TO, THE IMPLIED WARRANTIES OF MERCHANTABILITY AND FITNESS FOR A PARTICULAR PURPOSE ARE DISCLAIMED. IN NO EVENT SHALL THE FOUNDATION
OR CONTRIBUTORS BE LIABLE FOR ANY DIRECT, INDIRECT, INCIDENTAL, SPECIAL, EXEMPLARY, OR CONSEQUENTIAL DAMAGES (INCLUDING, BUT NOT LIMITED TO,
PROCUREMENT OF SUBSTITUTE GOODS OR SERVICES; LOSS OF USE, DATA, OR PROFITS; OR BUSINESS INTERRUPTION) HOWEVER CAUSED AND ON ANY THEORY OF
LIABILITY, WHETHER IN CONTRACT, STRICT LIABILITY, OR TORT (INCLUDING NEGLIGENCE OR OTHERWISE) ARISING IN ANY WAY OUT OF THE USE OF THIS
SOFTWARE, EVEN IF ADVISED OF THE POSSIBILITY OF SUCH DAMAGE. */`

/**
 * Writes it when it is not the one that is installed.
 * @returns false when `check` forbids that
 */
export function embedLibFlac(check) {
  const binary = readFileSync(join(root, BINARY))
  const path = join(root, TARGET)
  if (existsSync(path) && embedded(readFileSync(path, 'utf8')).equals(binary)) return true
  if (check) return false
  const options = {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: binary.length },
  }
  const text = [
    '// Taken out of libflacjs by npm run wasm.',
    TERMS,
    '/** The WebAssembly module of libFLAC, compressed with Brotli, as base64. */',
    'export const libFlacWasm =',
    `  '${brotliCompressSync(binary, options).toString('base64')}'`,
    '',
  ]
  writeFileSync(path, text.join('\n'))
  console.log(`${TARGET}: ${binary.length} bytes of WebAssembly`)
  return true
}

/** Compressors differ from one Node to the next: what comes out of it counts. */
function embedded(source) {
  const [, base64 = ''] = /'([A-Za-z0-9+/=]+)'/.exec(source) ?? []
  try {
    return brotliDecompressSync(Buffer.from(base64, 'base64'))
  } catch {
    return Buffer.alloc(0)
  }
}
