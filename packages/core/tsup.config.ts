import { defineConfig } from 'tsup'

export default defineConfig({
  entry: { index: 'src/index.ts', 'testing/index': 'src/testing/index.ts' },
  format: ['esm'],
  dts: true,
  clean: true,
  sourcemap: true,
  target: 'node20',
  // optional: loaded only when something is decoded
  external: ['@wasm-audio-decoders/ogg-vorbis', 'mpg123-decoder', 'opus-decoder'],
})
