import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { parse } from 'yaml'
import { CLIENT_NAMES } from '../../src/clients/table.ts'
import { AUTH_METHODS } from '../../src/credentials.ts'
import { REGIONS } from '../../src/ibm/regions.ts'

const action = parse(readFileSync('action.yml', 'utf8'))
const readme = readFileSync('README.md', 'utf8')

/** The rows of the table under a heading of the README, or of another page, as lists of cells. */
function table(heading: string, page = readme): string[][] {
  const section = page.split(/^##? /m).find(text => text.startsWith(`${heading}\n`)) ?? ''
  const rows = section.split('\n').filter(line => line.startsWith('|'))
  return rows.slice(2).map(row =>
    row
      .split('|')
      .slice(1, -1)
      .map(cell => cell.trim()),
  )
}

const defaultOf = ({ required, default: value }: { required?: boolean; default?: string }) => {
  if (required) return 'required'
  return value === '' ? 'none' : `\`${value}\``
}

test('the README lists the inputs of action.yml', () => {
  const rows = Object.entries(
    action.inputs as Record<string, { description: string; default?: string; required?: boolean }>,
  )
  expect(table('Inputs')).toEqual(
    rows.map(([name, input]) => [`\`${name}\``, defaultOf(input), input.description]),
  )
})

test('the README lists the outputs of action.yml', () => {
  const rows = Object.entries(action.outputs as Record<string, { description: string }>)
  expect(table('Outputs')).toEqual(rows.map(([name, output]) => [`\`${name}\``, output.description]))
})

test('action.yml names all clients, and none', () => {
  expect(action.inputs.client.description).toMatch(
    new RegExp(`^One or more of ${CLIENT_NAMES.join(', ')}, .*; or none, `),
  )
})

test('the README lists the regions in the code', () => {
  expect(table('Regions')).toEqual(
    REGIONS.map(({ id, formerly, domain }) => [
      `\`${id}\``,
      formerly === undefined ? '' : `\`${formerly}\``,
      domain,
    ]),
  )
})

test('the README and docs/auth-methods.md list the auth methods in the code', () => {
  const rows = table('Choosing an auth method')
  expect(rows.map(([method]) => method)).toEqual(AUTH_METHODS.map(method => `\`${method}\``))
  expect(table('Auth methods', readFileSync('docs/auth-methods.md', 'utf8'))).toEqual(rows)
})

test('runs on Node 24, has a main and a post step, and meets the requirements of the Marketplace', () => {
  expect(action.runs).toEqual({ using: 'node24', main: 'dist/main-step.js', post: 'dist/post-step.js' })
  expect(action).toMatchObject({
    name: expect.any(String),
    description: expect.any(String),
    author: expect.any(String),
  })
  expect(action.branding).toEqual({ icon: 'log-in', color: 'blue' })
})
