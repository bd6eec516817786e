import { defineConfig } from 'vitest/config'

const conditions = ['@isr/source']

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ['packages/*/test/**/*.test.ts', 'tests/**/*.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    maxWorkers: 3,
    // a condition is waited for as long as a loaded machine may need; vitest's own patience is one second
    expect: { poll: { timeout: 20_000 } },
  },
})
