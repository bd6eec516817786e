import { defineConfig } from 'tsup'

export default defineConfig({
  entry: { index: 'src/index.ts', api: 'src/api.ts', flags: 'src/flags.ts', 'isr-server': 'src/isr-server.ts' },
  format: ['esm'],
  dts: true,
  clean: true,
  sourcemap: true,
  target: 'node20',
  external: ['@isr/core', '@isr/ui'],
})
