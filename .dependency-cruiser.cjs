// The layers of ARCHITECTURE.md, enforced. Type imports count: a layer that names another's types depends on it.
// Adding a folder to core/src: give it its layer in the tables below; a file in no layer is an error ("core-file-in-a-layer").

const core = '^packages/core/src/'
const any = (...names) => `(${names.join('|')})`

const L0 = `${core}(bytes|time|wasm)/|${core}(errors|model|events|version)\\.ts$`
const pureRooms = any('formats', 'splitters')
const edgeRooms = any('sources', 'storages', 'encoders', 'decoders', 'workers')
const middleRooms = any('recorder', 'ledger', 'library', 'analysis', 'live', 'editing', 'recovery')
const topRooms = any('station', 'config')
const L3 = `${core}${topRooms}/|${core}index\\.ts$`

/** What the middle may know of formats, sources, splitters and storages: their ports, never their kinds. */
const formatPorts = `${core}formats/(format|frame-span|header-capture)\\.ts$`
const ports = [
  formatPorts,
  `${core}sources/source\\.ts$`,
  `${core}splitters/splitter\\.ts$`,
  `${core}storages/(storage|access/random-access)\\.ts$`,
  `${core}decoders/decoder\\.ts$`,
  `${core}encoders/encoder\\.ts$`,
]

const ioModules =
  '^(node:)?(fs|fs/promises|net|tls|http|https|http2|dns|dns/promises|dgram|child_process|worker_threads|cluster|os|readline|repl|inspector)$'
const ioPackages = '^(undici|express|ws|axios)$|node_modules/(undici|express|ws|axios)/'

const source = (path, pathNot) => ({ path, ...(pathNot && { pathNot }) })
const forbid = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to })

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    forbid('no-cycles', 'Two files that need each other are one file, or need a third.', {}, { circular: true }),
    forbid('resolvable', 'An import that leads nowhere.', {}, { couldNotResolve: true }),
    forbid(
      'nothing-from-outside',
      'Nothing in the project depends on what lies beside it.',
      {},
      {
        path: '^\\.\\./',
        couldNotResolve: false,
      },
    ),
    forbid(
      'core-file-in-a-layer',
      'Every room of core has a layer in .dependency-cruiser.cjs.',
      {},
      {
        path: core,
        pathNot: [L0, `${core}${any(pureRooms, edgeRooms, middleRooms, topRooms, 'testing')}/`, `${core}index\\.ts$`],
      },
    ),

    // L0: knows nothing above itself
    forbid('L0-imports-nothing-above', 'bytes, time, model, errors, events.', source(L0), {
      path: core,
      pathNot: L0,
    }),
    forbid('time-zones-in-time', 'Time zones only in time/.', source('^packages/core/', `${core}time/|/test/`), {
      path: 'temporal-polyfill',
    }),
    forbid('emitter-in-events', 'eventemitter3 is held privately by events.ts.', source(core, `${core}events\\.ts$`), {
      path: 'eventemitter3',
    }),

    // L1: each room knows L0 and itself
    forbid('formats-know-L0', 'Formats: bytes in, frames out; the port of encoders.', source(`${core}formats/`), {
      path: core,
      pathNot: [L0, `${core}formats/`, `${core}encoders/encoder\\.ts$`],
    }),
    forbid('splitters-know-L0', 'Splitters: spans and positions.', source(`${core}splitters/`), {
      path: core,
      pathNot: [L0, `${core}splitters/`, formatPorts],
    }),
    forbid(
      'edges-know-L0',
      'Sources, storages, encoders, decoders and workers know neither each other nor formats.',
      source(`${core}${edgeRooms}/`),
      {
        path: core,
        pathNot: [L0, `${core}$1/`],
      },
    ),

    // L2: L0, each other, and the ports of L1
    forbid(
      'middle-knows-ports',
      'recorder, ledger, ...: formats (they are pure) and the ports of L1, never a kind of source or storage.',
      source(`${core}${middleRooms}/`),
      {
        path: core,
        pathNot: [L0, `${core}${middleRooms}/`, `${core}formats/`, ...ports],
      },
    ),
    forbid(
      'only-the-top-is-above',
      'L3 is imported by nobody but L3 and the outside.',
      source(core, [L3, `${core}testing/`]),
      {
        path: L3,
      },
    ),
    forbid('no-doubles-in-production', 'testing/ is for tests.', source('^packages/[^/]+/src/', `${core}testing/`), {
      path: `${core}testing/`,
    }),

    // I/O at the two edges only
    forbid(
      'io-at-the-edges',
      'net, fs, child_process, threads and undici only in sources, storages, encoders, decoders, workers.',
      source(core, `${core}${any(edgeRooms, 'testing')}/|${core}time/clock\\.ts$`),
      {
        path: [ioModules, ioPackages],
      },
    ),
    forbid('clock-knows-the-uptime', 'Of the system, the clock asks since when it runs.', source(`${core}time/`), {
      path: [ioModules, ioPackages],
      pathNot: '^(node:)?os$',
    }),
    forbid('pure-rooms', 'Formats and splitters use no part of Node.', source(`${core}${pureRooms}/`), {
      dependencyTypes: ['core'],
    }),
    forbid('crypto-in-bytes', 'Of Node, the ground floor uses hashes alone.', source(`${core}bytes/`), {
      dependencyTypes: ['core'],
      pathNot: '^(node:)?crypto$',
    }),

    // packages
    forbid('core-is-the-ground', 'core knows no other package.', source('^packages/core/'), {
      path: '^packages/(?!core/)|node_modules/@isr/',
    }),
    forbid(
      'public-entry-only',
      "Other packages and examples use core's public entries.",
      source('^(packages/(?!core/)|examples/)', '^packages/[^/]+/bench/'),
      {
        path: '^packages/core/',
        pathNot:
          '^packages/core/(src/index\\.ts|src/testing/index\\.ts|dist/(testing/)?index\\.(js|d\\.ts)|package\\.json)$',
      },
    ),
    forbid('no-testing-entry-in-src', '@isr/core/testing is for tests.', source('^packages/(?!core/)[^/]+/src/'), {
      path: '^packages/core/(src|dist)/testing/',
    }),
    forbid('src-is-not-test', 'What ships knows no test, bench or script.', source('^packages/[^/]+/src/'), {
      path: '^packages/[^/]+/(test|bench)/|^(tests|scripts|examples)/',
    }),
    forbid('src-needs-dependencies', 'What ships uses declared dependencies.', source('^packages/[^/]+/src/'), {
      dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown', 'npm-bundled'],
    }),
    forbid('scripts-run-before-install', 'scripts/ use Node alone.', source('^scripts/', '^scripts/wasm\\.mjs$'), {
      dependencyTypes: ['npm', 'npm-dev', 'npm-no-pkg', 'npm-unknown'],
    }),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|coverage)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['@isr/source', 'types', 'import', 'node', 'default'],
    },
  },
}
