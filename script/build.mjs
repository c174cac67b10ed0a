// Bundles src into dist/index.js. The runner runs the two entry files, which load it.
import { execFileSync } from 'node:child_process'
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { transformFileSync } from '@swc/core'

process.chdir(fileURLToPath(new URL('..', import.meta.url)))
const run = (program, ...args) => execFileSync(`node_modules/.bin/${program}`, args, { stdio: 'inherit' })

for (const folder of ['build', 'dist']) rmSync(folder, { recursive: true, force: true })

// The modules of GitHub's toolkit have no side effects when loaded, but its packages do not declare that.
// These copies do: otherwise, the bundler keeps all modules, including undici, an HTTP client of 1 MB.
for (const name of ['@actions/core', '@actions/exec', '@actions/http-client', '@actions/io', 'leven']) {
  const folder = `node_modules/${name}`
  cpSync(folder, `build/${folder}`, { recursive: true })
  const manifest = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'))
  writeFileSync(`build/${folder}/package.json`, JSON.stringify({ ...manifest, sideEffects: false }))
}

// Removes types and comments from src and the copies. Keeps formatting and names.
run('tsc', '--project', 'tsconfig.build.json')

run(
  'ncc',
  ...['build', 'build/src/index.js', '--out', 'dist', '--license', 'licenses.txt'],
  ...['--target', 'es2024', '--no-cache', '--quiet'],
)
for (const file of ['main-step.js', 'post-step.js', 'node-version.js'])
  writeFileSync(`dist/${file}`, commonJs(readFileSync(`build/src/${file}`, 'utf8')))
writeFileSync('dist/package.json', '{ "type": "commonjs" }\n')

// Removes unused code, which is half of the toolkit. Keeps names, formatting, and the bundler's headings.
const { code } = transformFileSync('dist/index.js', {
  configFile: false,
  swcrc: false,
  isModule: true,
  jsc: {
    target: 'es2024',
    preserveAllComments: true,
    parser: { syntax: 'ecmascript' },
    minify: {
      mangle: false,
      compress: {
        defaults: false,
        module: true,
        unused: true,
        dead_code: true,
        side_effects: true,
        passes: 3,
      },
      format: { comments: 'all' },
    },
  },
})

// Formatted like src.
const format = ['format', '--stdin-file-path=index.js']
writeFileSync(
  'dist/index.js',
  execFileSync('node_modules/.bin/biome', format, { input: commonJs(withBuiltins(plain(code))) }),
)

/** Turns a file into a CommonJS module, which Node loads faster. */
function commonJs(code) {
  const body = code
    .replace(/^import '(.+)';$/gm, "require('$1');")
    .replace(/^import (\{.+\}) from '(.+)';$/gm, "const $1 = require('$2');")
    .replace(/^export (\{.+\});$/m, 'module.exports = $1;')
  return `'use strict';\n${body}`
}

/** Removes the bundler's own code, which only exports two functions, and the comments that mark it. */
function plain(code) {
  return code
    .replace(/^.*?(?=^\/\/ CONCATENATED MODULE)/ms, '')
    .replace(/^var __webpack_exports__.*\n/gm, '')
    .replaceAll(/__webpack_exports__(\w+) as \1/g, '$1')
    .replaceAll(/\/\*{6,}\/ ?/g, '')
}

/**
 * Loads each of Node's modules once, at the top of the bundle, under a short name; the bundler calls
 * `require` for each import. Modules in LATE take long to load and are loaded where they are used.
 */
function withBuiltins(code) {
  const LATE = ['child_process', 'crypto']
  const IMPORT =
    /^\/\/ CONCATENATED MODULE: external .*\n(?:let (\w+) = )?__WEBPACK_EXTERNAL_createRequire\(import\.meta\.url\)\("(?:node:)?(.+)"\);\n/gm
  const imports = [...code.matchAll(IMPORT)].filter(([, bundlers]) => bundlers !== undefined)
  const load = module => `process.getBuiltinModule("node:${module}")`
  const short = module => `node_${module.replace('/', '_')}`
  const first = [...new Set(imports.map(([, , module]) => module))]
    .filter(module => !LATE.includes(module))
    .sort()
  const body = imports.reduce(
    (code, [, bundlers, module]) =>
      code.replaceAll(bundlers, LATE.includes(module) ? load(module) : short(module)),
    code.replace(IMPORT, ''),
  )
  return first.map(module => `const ${short(module)} = ${load(module)};\n`).join('') + body
}
