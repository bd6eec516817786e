// Compiled from wasm/levels.ts by npm run wasm; change it there.
/** The WebAssembly module of wasm/levels.ts, as base64. */
export const levelsWasm =
  'AGFzbQEAAAABBwFgAn9/AX4DAgEABQMBAAAHEgIFc3VtMTYAAAZtZW1vcnkCAAozATECAX8BfgNAIAEgAkoEQCADIAAgAkEBdGoyAQAiAyADfnwhAyACQQFqIQIMAQsLIAML'
