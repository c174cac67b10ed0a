import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from '@jest/globals'
import { parse } from 'yaml'

const root = fileURLToPath(new URL('../..', import.meta.url))
const yamlIn = (folder: string) =>
  readdirSync(join(root, folder))
    .filter(name => name.endsWith('.yml'))
    .map(name => join(folder, name))
const workflows = yamlIn('.github/workflows')
const examples = yamlIn('examples')
const read = (file: string) => readFileSync(join(root, file), 'utf8')

interface Step {
  uses?: string
  run?: string
  with?: Record<string, unknown>
}
interface Workflow {
  permissions?: unknown
  jobs: Record<string, { steps: Step[]; permissions?: unknown; 'timeout-minutes'?: number }>
}
const jobs = (file: string) => Object.values((parse(read(file)) as Workflow).jobs)
const steps = (file: string) => jobs(file).flatMap(job => job.steps)

/** What the linter prints; empty where it finds nothing. */
const lint = (...files: string[]) =>
  new Promise<string>(resolve => {
    const script = join(root, '__tests__/unit/lint-workflows.ts')
    execFile(process.execPath, [script, ...files], { cwd: root }, (_error, stdout, stderr) =>
      resolve(stdout + stderr),
    )
  })

describe('the linter', () => {
  const folder = mkdtempSync(join(tmpdir(), 'workflows-'))
  afterAll(() => rmSync(folder, { recursive: true }))

  const step = (text: string) =>
    `on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n      - ${text}\n`
  const expression = (text: string) => `$\{{ ${text} }}`
  it.each([
    ['an event that does not exist', step('run: ls').replace('push', 'pusch'), 'pusch'],
    ['a permission that does not exist', `permissions: { content: read }\n${step('run: ls')}`, 'content'],
    ['a job without steps', 'on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    step: []\n', "'step'"],
    ['an expression that is not one', step(`run: echo ${expression("fromJSON('a'")}`), 'EOF'],
    ['an output of a step that is not there', step(`run: echo ${expression('steps.b.outputs.c')}`), ': b'],
    ['a secret in a condition', step("run: ls\n        if: secrets.KEY != ''"), 'secrets'],
    ['an input that this action lacks', step('uses: ./\n        with: { regions: us-south }'), "'regions'"],
    [
      'a required input left out',
      step('uses: OWNER/icr-login@v1\n        with: { region: global }'),
      'api-key',
    ],
    ['this action misspelt', step('uses: OWNER/icr-logn@v1'), 'icr-logn'],
  ])('finds %s', async (_what, text, named) => {
    const file = join(folder, 'workflow.yml')
    writeFileSync(file, text)
    expect(await lint(file)).toContain(named)
  })
})

it('finds nothing in the workflows, the examples and action.yml', async () => {
  expect(await lint('action.yml', ...workflows, ...examples)).toBe('')
})

describe.each([...workflows, ...examples])('%s', file => {
  it('pins every action by commit, with its version beside it', () => {
    const ours = file.startsWith('examples') ? /^OWNER\/icr-login@v1$/ : /^\.\/$/
    const others = read(file)
      .split('\n')
      .filter(line => /^\s*(- )?uses:/.test(line))
      .map(line => line.replace(/^.*uses: */, ''))
      .filter(uses => !ours.test(uses))
    for (const uses of others) expect(uses).toMatch(/^[\w-]+\/[\w/-]+@[0-9a-f]{40} # v\d+(\.\d+\.\d+)?$/)
  })

  it('leaves no token behind in the clone', () => {
    const checkouts = steps(file).filter(step => step.uses?.startsWith('actions/checkout@'))
    for (const checkout of checkouts) expect(checkout.with).toHaveProperty('persist-credentials', false)
  })

  it('gives no permission to all jobs but to read, and a time limit to each job', () => {
    expect([{}, { contents: 'read' }]).toContainEqual((parse(read(file)) as Workflow).permissions)
    for (const job of jobs(file)) expect(job['timeout-minutes']).toBeGreaterThan(0)
  })

  it('puts no expression into a script, where its value would be code', () => {
    for (const step of steps(file)) expect(step.run ?? '').not.toContain('${{')
  })
})

it('pins each action to one commit everywhere', () => {
  const pins = new Map<string, Set<string>>()
  for (const uses of [...workflows, ...examples].flatMap(steps).map(step => step.uses ?? '')) {
    const [, action, commit] = uses.match(/^([\w-]+\/[\w-]+).*@([0-9a-f]{40})$/) ?? []
    if (action && commit) pins.set(action, (pins.get(action) ?? new Set()).add(commit))
  }
  expect([...pins].filter(([, commits]) => commits.size > 1)).toEqual([])
})
