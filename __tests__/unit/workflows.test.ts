import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from '@jest/globals'
import { parse } from 'yaml'

const root = fileURLToPath(new URL('../..', import.meta.url))
const yamlIn = (folder: string) =>
  readdirSync(join(root, folder))
    .filter(name => name.endsWith('.yml'))
    .map(name => `${folder}/${name}`)
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

/** The values of `uses:`, including comments. */
const usesIn = (text: string) => [...text.matchAll(/^\s*(?:- )?uses: *(.*)$/gm)].map(([, uses = '']) => uses)

/** The anchors that GitHub creates for the headings of a page. */
const anchorsIn = (text: string) =>
  [...text.matchAll(/^#+ (.*)$/gm)].map(
    ([, heading = '']) =>
      `#${heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-')}`,
  )

/** The output of the linter; empty if it finds nothing. */
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
    ['an invalid expression', step(`run: echo ${expression("fromJSON('a'")}`), 'EOF'],
    ['an output of a step that does not exist', step(`run: echo ${expression('steps.b.outputs.c')}`), ': b'],
    ['a secret in a condition', step("run: ls\n        if: secrets.KEY != ''"), 'secrets'],
    ['an input that this action lacks', step('uses: ./\n        with: { regions: us-south }'), "'regions'"],
    [
      'a missing required input',
      step('uses: OWNER/icr-login@v1\n        with: { region: global }'),
      'profile-id',
    ],
    ['a misspelled name of this action', step('uses: OWNER/icr-logn@v1'), 'icr-logn'],
  ])('finds %s', async (_what, text, named) => {
    const file = join(folder, 'workflow.yml')
    writeFileSync(file, text)
    expect(await lint(file)).toContain(named)
  })
})

it('finds nothing in the workflows, the examples and action.yml', async () => {
  expect(await lint('action.yml', ...workflows, ...examples)).toBe('')
})

describe('the documentation', () => {
  const pages = ['README.md', ...readdirSync(join(root, 'docs')).map(name => `docs/${name}`), 'SECURITY.md']
  const snippets = pages.flatMap(page =>
    [...read(page).matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, text = '']) => ({ page, text })),
  )
  const indented = (text: string) => text.replace(/^(?=.)/gm, '      ')

  /** Completes part of a workflow. Undefined for single inputs. */
  const whole = (text: string): string | undefined => {
    if (text.startsWith('on:')) return text
    if (text.startsWith('jobs:')) return `on: [push, pull_request]\n${text}`
    if (!text.startsWith('- ')) return undefined
    return `on: [push, pull_request]\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n${indented(text)}`
  }

  it('shows valid workflows', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'snippets-'))
    const files = snippets.flatMap(({ page, text }, index) => {
      const workflow = whole(text)
      if (workflow === undefined) return []
      const file = join(folder, `${page.replace('/', '-')}-${index}.yml`)
      writeFileSync(file, workflow)
      return [file]
    })
    expect(files.length).toBeGreaterThan(10)
    expect(await lint(...files)).toBe('')
    rmSync(folder, { recursive: true })
  })

  it('pins actions to the same commits as the workflows', () => {
    const known = new Set([...workflows, ...examples].flatMap(file => usesIn(read(file))))
    const shown = snippets.flatMap(({ text }) => usesIn(text)).filter(uses => !uses.startsWith('OWNER/'))
    expect(shown.length).toBeGreaterThan(0)
    expect(shown.filter(uses => !known.has(uses))).toEqual([])
  })

  it('has links to all examples in the README, and to no other file in examples/', () => {
    const linked = [...read('README.md').matchAll(/\]\((examples\/[^)]+)\)/g)].map(([, file]) => file)
    expect([...new Set(linked)].sort()).toEqual(examples.toSorted())
  })

  it.each([...pages, 'CONTRIBUTING.md', 'CHANGELOG.md', 'CODE_OF_CONDUCT.md', '__tests__/README.md'])(
    '%s links to files and headings that exist',
    page => {
      const links = [...read(page).matchAll(/\]\((?!https?:)([^)#\s]*)(#[^)\s]+)?\)/g)]
      for (const [, file = '', anchor] of links) {
        const target = file === '' ? page : join(dirname(page), file)
        expect([page, target, existsSync(join(root, target))]).toEqual([page, target, true])
        if (anchor !== undefined) expect(anchorsIn(read(target))).toContain(anchor)
      }
    },
  )
})

describe.each([...workflows, ...examples])('%s', file => {
  it('pins every action to a commit, with its version in a comment', () => {
    const ours = file.startsWith('examples') ? /^OWNER\/icr-login@v1$/ : /^\.\/$/
    const others = usesIn(read(file)).filter(uses => !ours.test(uses))
    for (const uses of others) expect(uses).toMatch(/^[\w-]+\/[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/)
  })

  it('does not leave a token in the clone', () => {
    const checkouts = steps(file).filter(step => step.uses?.startsWith('actions/checkout@'))
    for (const checkout of checkouts) expect(checkout.with).toHaveProperty('persist-credentials', false)
  })

  it('gives jobs no default permissions except read, and has a time limit for each job', () => {
    expect([{}, { contents: 'read' }]).toContainEqual((parse(read(file)) as Workflow).permissions)
    for (const job of jobs(file)) expect(job['timeout-minutes']).toBeGreaterThan(0)
  })

  it('does not use expressions in scripts, where their values would be code', () => {
    for (const step of steps(file)) expect(step.run ?? '').not.toContain('${{')
  })
})

it('passes every input with a default value if CI runs the program directly', () => {
  const { inputs } = parse(read('action.yml')) as { inputs: Record<string, { default?: string }> }
  const [script = ''] = steps('.github/workflows/ci.yml').flatMap(({ run = '' }) =>
    run.includes('INPUT_') ? [run] : [],
  )
  const defaults = Object.keys(inputs).filter(name => inputs[name]?.default)
  expect(defaults.filter(name => !script.includes(`INPUT_${name.toUpperCase()}=`))).toEqual([])
})

describe('script/examples', () => {
  const names = examples.map(file => basename(file, '.yml')).toSorted()
  // It also runs a workflow that is not an example.
  const namesIn = (text: string, pattern: RegExp) =>
    [...text.matchAll(pattern)].map(([, name]) => name).filter(name => name !== 'live')

  it('knows every example', () => {
    expect(namesIn(read('script/examples.ts'), /^ {2}'?([\w-]+)'?: \{/gm).toSorted()).toEqual(names)
  })

  it('lists the same examples as docs/compatibility.md', () => {
    const [, section = ''] = read('docs/compatibility.md').split('\n| example | pushed |')
    const [table = ''] = section.split('\n\n')
    expect(namesIn(table, /^\| ([a-z][a-z-]+) \|/gm)).toEqual(names)
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
