import { defineConfig } from 'tsup'

export default defineConfig({
  entry: {
    index: 'src/index.ts',
    'testing/index': 'src/testing/index.ts',
    // an Analyzer and an Editor start them beside the file that they are in themselves
    'analysis-thread': 'src/station/analysis/thread.ts',
    'editing-thread': 'src/station/editor/thread.ts',
    // one of each for each volume that is written to
    'volume-thread': 'src/storages/volume/thread/thread.ts',
    'flush-thread': 'src/storages/volume/flush/thread.ts',
  },
  format: ['esm'],
  dts: true,
  clean: true,
  sourcemap: true,
  target: 'node20',
  // optional: loaded only when needed
  external: ['@wasm-audio-decoders/ogg-vorbis', 'koffi', 'mpg123-decoder', 'opus-decoder'],
})
