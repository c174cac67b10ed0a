// Bundles src into dist/index.js, the program that runners execute.
//
// usage: node script/build.mjs [FOLDER]    FOLDER: instead of dist
//
// The @actions packages have no side effects when loaded, but their package.json does not say so. Without
// that word the bundler keeps all of them, undici (1 MB of HTTP client that this action never calls) too.
import { execFileSync } from 'node:child_process'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const out = resolve(process.argv[2] ?? fileURLToPath(new URL('../dist', import.meta.url)))
process.chdir(fileURLToPath(new URL('..', import.meta.url)))

for (const name of ['core', 'exec', 'http-client', 'io']) {
  const file = `node_modules/@actions/${name}/package.json`
  const manifest = JSON.parse(readFileSync(file, 'utf8'))
  writeFileSync(file, JSON.stringify({ ...manifest, sideEffects: false }, null, 2))
}

for (const folder of ['build', out]) rmSync(folder, { recursive: true, force: true })
const run = (program, ...args) => execFileSync(program, args, { stdio: 'inherit' })
run('node_modules/.bin/tsc', '--project', 'tsconfig.build.json')
run(
  'node_modules/.bin/ncc',
  'build',
  'build/index.js',
  '--out',
  out,
  '--no-cache',
  '--license',
  'licenses.txt',
  '--target',
  'es2024',
  '--quiet',
)
