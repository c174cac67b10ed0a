import { readdirSync, readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { expect, test } from '@jest/globals'
import { distBytes, downloadBytes } from '../../script/sizes.ts'
import { noGit, testUnless } from '../testbed/needs.ts'

const bundle = readFileSync('dist/index.js', 'utf8')
const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8'))

/** The bundler's headings: `// CONCATENATED MODULE: ./build/src/main.js`. */
const modules = [...bundle.matchAll(/^\/\/ CONCATENATED MODULE: (.*)$/gm)].map(([, name = '']) => name)

testUnless(noGit)('what a runner downloads is at most 60 kB', async () => {
  expect(downloadBytes()).toBeLessThanOrEqual(60_000)
})

test('dist is at most 165 kB', () => {
  expect(distBytes()).toBeLessThanOrEqual(165_000)
})

test('the bundle is made of src, the packages that package.json names, and nothing else', () => {
  const packages = modules.map(name => name.match(/node_modules\/((?:@[^/]+\/)?[^/]+)/)?.[1]).filter(Boolean)
  expect([...new Set(packages)].sort()).toEqual(Object.keys(dependencies).sort())
  const sources = modules.filter(name => name.startsWith('./build/src/'))
  // Of a file with nothing but types nothing is left.
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter(
    file =>
      file.endsWith('.ts') &&
      /^(?:export )?(?:async )?(?:const|function|class|\{|void)/m.test(readFileSync(`src/${file}`, 'utf8')),
  )
  expect(
    [
      ...sources.map(name => name.slice('./build/src/'.length).replace(/js$/, 'ts')),
      'main-step.ts',
      'post-step.ts',
    ].sort(),
  ).toEqual(files.map(file => file.replaceAll('\\', '/')).sort())
})

test('the bundle loads nothing but modules of Node', () => {
  const loaded = [...bundle.matchAll(/getBuiltinModule\('([^']+)'\)/g)].map(([, name = '']) => name)
  expect(loaded.length).toBeGreaterThan(0)
  expect(loaded.filter(name => !isBuiltin(name))).toEqual([])
  expect(bundle.match(/^import\b|\b(?:import|createRequire|__nccwpck_require__)\(/gm)).toBeNull()
})

test('nothing is removed by rmSync: on Windows it may remove nothing, and tell nobody', () => {
  expect(bundle).toContain('unlinkSync')
  expect(bundle).not.toContain('rmSync')
})

test('the notices name every package of the bundle', () => {
  const notices = readFileSync('dist/licenses.txt', 'utf8')
  for (const name of Object.keys(dependencies))
    expect(notices).toMatch(new RegExp(`^${name}\n.*\n.*(?:License|Copyright)`, 'm'))
})

test('the bundle can be read: no minified line, no source map', () => {
  // The longest lines are texts: those made of several parts are on one line.
  expect(Math.max(...bundle.split('\n').map(line => line.length))).toBeLessThan(1000)
  expect(bundle).not.toContain('sourceMappingURL')
})
