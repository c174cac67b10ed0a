import { readdirSync, readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { expect, test } from '@jest/globals'
import { distBytes, downloadBytes } from '../../script/sizes.ts'
import { noGit, testUnless } from '../testbed/needs.ts'

const bundle = readFileSync('dist/index.js', 'utf8')
const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8'))
/** The last one is a dependency of `@actions/exec`. */
const packages = [...Object.keys(dependencies), '@actions/io']

/** The bundler's headings: `// CONCATENATED MODULE: ./build/src/main.js`. */
const modules = [...bundle.matchAll(/^\/\/ CONCATENATED MODULE: (.*)$/gm)].map(([, name = '']) => name)

testUnless(noGit)('a runner downloads at most 60 kB', async () => {
  expect(downloadBytes()).toBeLessThanOrEqual(60_000)
})

test('dist is at most 165 kB', () => {
  expect(distBytes()).toBeLessThanOrEqual(165_000)
})

test('the bundle contains src, the packages in package.json, and nothing else', () => {
  const bundled = modules.map(name => name.match(/node_modules\/((?:@[^/]+\/)?[^/]+)/)?.[1]).filter(Boolean)
  expect([...new Set(bundled)].sort()).toEqual(packages.toSorted())
  const sources = modules.filter(name => name.startsWith('./build/src/'))
  // Files with only types do not appear in the bundle.
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter(
    file =>
      file.endsWith('.ts') &&
      /^(?:export )?(?:async )?(?:const|function|class|\{|void)/m.test(readFileSync(`src/${file}`, 'utf8')),
  )
  expect(
    [
      ...sources.map(name => name.slice('./build/src/'.length).replace(/js$/, 'ts')),
      'main-step.ts',
      'node-version.ts',
      'post-step.ts',
    ].sort(),
  ).toEqual(files.map(file => file.replaceAll('\\', '/')).sort())
})

test('the bundle imports only built-in modules of Node', () => {
  const loaded = [...bundle.matchAll(/getBuiltinModule\('([^']+)'\)/g)].map(([, name = '']) => name)
  expect(loaded.length).toBeGreaterThan(0)
  expect(loaded.filter(name => !isBuiltin(name))).toEqual([])
  expect(bundle.match(/^import\b|\b(?:import|require|createRequire|__nccwpck_require__)\(/gm)).toBeNull()
})

test.each(['main-step', 'post-step', 'node-version', 'index'])(
  '%s.js is in strict mode, like its source',
  name => {
    expect(readFileSync(`dist/${name}.js`, 'utf8')).toMatch(/^'use strict'/)
  },
)

test('the bundle does not use rmSync: on Windows, it can silently remove nothing', () => {
  expect(bundle).toContain('unlinkSync')
  expect(bundle).not.toContain('rmSync')
})

test('licenses.txt names every package in the bundle', () => {
  const notices = readFileSync('dist/licenses.txt', 'utf8')
  for (const name of packages)
    expect(notices).toMatch(new RegExp(`^${name}\n.*\n.*(?:License|Copyright)`, 'm'))
})

test('the bundle is readable: no minified lines, no source map', () => {
  // The longest lines are texts: those made of several parts are on one line.
  expect(Math.max(...bundle.split('\n').map(line => line.length))).toBeLessThan(1000)
  expect(bundle).not.toContain('sourceMappingURL')
})
