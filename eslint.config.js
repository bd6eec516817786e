// @ts-check
import eslint from '@eslint/js'
import tseslint from 'typescript-eslint'

const unused = { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrors: 'all', ignoreRestSiblings: true }

/** The doors to time that only packages/core/src/time may use. */
const timeGlobals = ['setTimeout', 'setInterval', 'performance', 'Temporal'].map((name) => ({
  name,
  message: 'Only packages/core/src/time touches time: take a Clock.',
}))

export default tseslint.config(
  {
    ignores: [
      '**/dist/**',
      'packages/ui/page/**',
      '**/node_modules/**',
      'coverage/**',
      'docs/reference/**',
      '.cache/**',
      'packages/*/wasm/**',
      'packages/*/src/wasm/**',
    ],
  },
  { linterOptions: { reportUnusedDisableDirectives: 'error', reportUnusedInlineConfigs: 'error' } },
  eslint.configs.recommended,
  {
    rules: {
      'no-warning-comments': ['error', { terms: ['todo', 'fixme', 'xxx', 'not implemented'], location: 'anywhere' }],
    },
  },
  {
    files: ['**/*.{js,mjs,cjs}'],
    languageOptions: {
      globals: {
        console: 'readonly',
        process: 'readonly',
        Buffer: 'readonly',
        URL: 'readonly',
        performance: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
        setInterval: 'readonly',
        clearInterval: 'readonly',
        AbortController: 'readonly',
        AbortSignal: 'readonly',
        module: 'writable',
        require: 'readonly',
      },
    },
    rules: {
      'no-unused-vars': ['error', unused],
      'prefer-const': 'error',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
    },
  },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommended],
    languageOptions: {
      parserOptions: {
        project: ['./tsconfig.json', './packages/ui/tsconfig.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      // tsc resolves names better than this rule does
      'no-undef': 'off',
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports' }],
      '@typescript-eslint/no-empty-function': 'off',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/no-unnecessary-type-assertion': 'error',
      '@typescript-eslint/no-unused-vars': ['error', unused],
      '@typescript-eslint/only-throw-error': ['error', { allowThrowingUnknown: true }],
      '@typescript-eslint/prefer-promise-reject-errors': ['error', { allowThrowingUnknown: true }],
      '@typescript-eslint/return-await': ['error', 'error-handling-correctness-only'],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    },
  },
  {
    // A room is small: one thing a file.
    files: ['packages/*/src/**/*.{ts,tsx}', 'tests/**/*.ts', 'scripts/**/*.mjs'],
    rules: { 'max-lines': ['error', { max: 350, skipBlankLines: false, skipComments: false }] },
  },
  {
    files: ['packages/core/src/**/*.ts'],
    ignores: ['packages/core/src/time/**'],
    rules: {
      'no-restricted-globals': ['error', ...timeGlobals],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'Only packages/core/src/time reads the clock: take a Clock.' },
        {
          object: 'process',
          property: 'hrtime',
          message: 'Only packages/core/src/time reads the clock: take a Clock.',
        },
      ],
      'no-restricted-syntax': [
        'error',
        {
          selector: 'NewExpression[callee.name="Date"][arguments.length=0]',
          message: 'Only packages/core/src/time reads the clock: take a Clock.',
        },
        {
          selector: 'CallExpression[callee.name="Date"]',
          message: 'Only packages/core/src/time reads the clock: take a Clock.',
        },
      ],
    },
  },
  {
    files: ['packages/*/test/**/*.ts', 'tests/**/*.ts'],
    rules: {
      // a test that is left out, or the only one that runs, passes for the wrong reason
      'no-restricted-syntax': [
        'error',
        {
          selector: 'MemberExpression[object.name=/^(it|test|describe)$/][property.name=/^(only|skip|todo)$/]',
          message: 'No test is left out; a missing tool is the business of tests/e2e/rig/require-tool.ts.',
        },
      ],
    },
  },
  {
    // the one place that may leave a suite out: by name, with the command that mends it
    files: ['tests/e2e/rig/require-tool.ts'],
    rules: { 'no-restricted-syntax': 'off' },
  },
)
