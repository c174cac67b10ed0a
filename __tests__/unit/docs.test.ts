import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'

const read = (file: string) => readFileSync(file, 'utf8')
const page = read('docs/troubleshooting.md')

/** All of src, with concatenated strings joined. */
const source = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter(name => name.endsWith('.ts'))
  .map(name => read(`src/${name}`))
  .join('\n')
  .replace(/\$\{[^}]*\}/g, '…')
  .replace(/['`"] \+\s*['`"]/g, '')
  .replace(/\\'/g, "'")

/** Placeholders, and parts that differ between errors. */
const DIFFERS =
  /\(iam-[^)]*\)|(?:https:\/\/|Profile-)?…|check-pu(?:sh|ll)|failed\. |push to|pull from|\b(?:DOMAIN|REPOSITORY|NAMESPACE|NAME|CLIENT|FILE|HOST|INPUT|30)\b|[().]+$/

/** The ibmcloud commands of a page, with continuation lines joined and without trailing comments. */
const commands = (text: string) =>
  text
    .replace(/\\\n\s*/g, '')
    .split('\n')
    .filter(line => line.startsWith('ibmcloud '))
    .map(line => line.replace(/ +#.*$/, ''))

const quotes = [...page.matchAll(/^(?:\*\*Symptom:\*\*|\| ).*$/gm)].flatMap(([line]) =>
  [...line.matchAll(/`([^`]+)`/g)].map(([, quote = '']) => quote),
)
const words = quotes
  .flatMap(quote => quote.split(DIFFERS).map(part => part.trim()))
  .filter(part => part.length > 12)

test.each(
  [...new Set(words)].filter(
    part =>
      !/^(denied|manifest unknown|unauthorized|authentication required|Authorization required|403 Forbidden)/.test(
        part,
      ),
  ),
)('troubleshooting.md quotes an error verbatim: %s', part => {
  expect(source).toContain(part)
})

test('the table in troubleshooting.md lists all its sections', () => {
  const sections = [...page.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading)
  const linked = [...page.matchAll(/^\| .*\| \[([^\]]+)\]\(#[^)]+\) \|$/gm)].map(([, text]) => text)
  expect(linked.toSorted()).toEqual(sections.toSorted())
})

test('each section of troubleshooting.md has a symptom, a cause, and a fix', () => {
  const [, ...sections] = page.split(/^## /m)
  const parts = sections.map(section => [
    section.split('\n')[0],
    ...[...section.matchAll(/^\*\*(.+?):\*\*/gm)].map(([, part]) => part),
  ])
  // The warnings and their meanings are one table.
  for (const [heading, ...found] of parts.filter(([heading]) => heading !== 'Warnings'))
    expect([heading, ...found]).toEqual([heading, 'Symptom', 'Cause', 'Fix'])
})

test('the quick setup has the commands of the steps in docs/setup.md, in the same order', () => {
  const [quick = '', steps = ''] = read('docs/setup.md').split('\n## Before you begin\n')
  const explained = commands(steps)
  let last = -1
  expect(commands(quick).length).toBeGreaterThan(6)
  for (const command of commands(quick)) {
    const index = explained.findIndex(line => line === command || line.startsWith(`${command} --description`))
    expect({ command, found: index >= 0, inOrder: index >= last }).toEqual({
      command,
      found: true,
      inOrder: true,
    })
    last = index
  }
})

test('the README links to the steps of docs/setup.md, in order', () => {
  const steps = [...read('docs/setup.md').matchAll(/^## ([1-9])\. /gm)].map(([, step]) => Number(step))
  const linked = [...read('README.md').matchAll(/\]\(docs\/setup\.md#([1-9])-/g)].map(([, step]) =>
    Number(step),
  )
  expect(linked).toEqual(steps.slice(1, -1))
})

test('the README stays short', () => {
  expect(read('README.md').trimEnd().split('\n').length).toBeLessThanOrEqual(220)
})
