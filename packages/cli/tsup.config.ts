import { defineConfig } from 'tsup'

export default defineConfig({
  entry: { isr: 'src/isr.ts' },
  format: ['esm'],
  clean: true,
  sourcemap: true,
  target: 'node20',
  external: ['@isr/core', '@isr/server', '@isr/server/flags'],
})
