// npm run wasm: compiles packages/*/wasm/<name>.ts (AssemblyScript) to packages/*/src/wasm/<name>.ts: the module as base64 text, so that
// it travels with the bundle and nothing is fetched or read at run time. With --check it only looks whether that was done.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import asc from 'assemblyscript/asc'
import { embedLibFlac } from './lib/embed-libflac.mjs'
import { root } from './lib/workspace.mjs'

const check = process.argv.includes('--check')
for (const folder of readdirSync(join(root, 'packages')).map((name) => join('packages', name))) {
  const sources = join(root, folder, 'wasm')
  if (!existsSync(sources)) continue
  for (const file of readdirSync(sources).filter((name) => name.endsWith('.ts'))) await compile(folder, file)
}
if (!embedLibFlac(check)) {
  console.error('packages/core/src/wasm/libflac.ts is not the libFLAC that is installed: npm run wasm')
  process.exitCode = 1
}

async function compile(folder, file) {
  const binary = await wasmOf(join(folder, 'wasm', file))
  const name = file.replace(/\.ts$/, '')
  const target = join(folder, 'src', 'wasm', file)
  const text = [
    `// Compiled from wasm/${file} by npm run wasm; change it there.`,
    `/** The WebAssembly module of wasm/${file}, as base64. */`,
    `export const ${name.replace(/-(.)/g, (_, letter) => letter.toUpperCase())}Wasm =`,
    `  '${Buffer.from(binary).toString('base64')}'`,
    '',
  ].join('\n')
  const path = join(root, target)
  if (existsSync(path) && readFileSync(path, 'utf8') === text) return
  if (check) {
    console.error(`${target} is not what ${folder}/wasm/${file} says: npm run wasm`)
    process.exitCode = 1
    return
  }
  mkdirSync(join(root, folder, 'src', 'wasm'), { recursive: true })
  writeFileSync(path, text)
  console.log(`${target}: ${binary.length} bytes of WebAssembly`)
}

/** No runtime, no garbage collector: kernels work on memory that the caller lays out. */
async function wasmOf(source) {
  let binary
  const { error, stderr } = await asc.main(
    [source, '-O3', '--converge', '--noAssert', '--runtime', 'stub', '--enable', 'simd', '--outFile', 'out.wasm'],
    {
      readFile: (name, base) => {
        const path = join(root, base === '.' ? '' : base, name)
        return existsSync(path) ? readFileSync(path, 'utf8') : null
      },
      writeFile: (_name, contents) => {
        binary = contents
      },
      listFiles: () => [],
    },
  )
  if (error) throw new Error(`${source}: ${stderr.toString() || error.message}`)
  return binary
}
