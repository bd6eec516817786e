import { defineConfig } from 'tsup'

export default defineConfig([
  { entry: { index: 'src/index.ts' }, format: ['esm'], dts: true, clean: true, sourcemap: true, target: 'node20' },
  {
    entry: { main: 'src/page/main.ts' },
    outDir: 'page',
    format: ['esm'],
    platform: 'browser',
    target: 'es2022',
    clean: true,
    sourcemap: true,
    publicDir: 'public',
  },
])
