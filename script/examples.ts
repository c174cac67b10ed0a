/**
 * Runs the workflows of examples/ and live.yml with act and checks the registry and the disk: see
 * script/examples.
 */
import { execFileSync } from 'node:child_process'
import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { parse, stringify } from 'yaml'
import { NoDaemon } from '../__tests__/testbed/daemon.ts'
import { filesWithSecret, holdsSecret } from '../__tests__/testbed/find-secret.ts'
import { inputs, put } from '../__tests__/testbed/helpers.ts'
import { type SeenRequest, startTestbed, type Testbed } from '../__tests__/testbed/index.ts'
import { laterSteps } from '../__tests__/testbed/later-steps.ts'
import type { Job } from '../__tests__/testbed/runner.ts'
import { findProgram, node24, repository } from '../__tests__/testbed/tools.ts'
import { warnOfOldBundle } from './old-bundle.ts'

/** How to run an example here. */
interface Example {
  /** Its path, if it is not in examples/. */
  file?: string
  /**
   * Pulls what was pushed. Run in a step at the end of the job, and after the job, when it must be refused.
   */
  pull?: string
  /** The example contains such a step already. */
  pullsItself?: true
  /** Required programs besides the four clients. */
  programs?: string[]
  /** A requirement that cannot be met here. */
  lacks?: string
  /** The name of a step to omit, because its requirements cannot be met here. */
  without?: string
  /** Images that must already be in the registry. */
  there?: string[]
  /** Inputs of the event workflow_dispatch. */
  dispatch?: Record<string, string>
}

/** Removes docker's images, as on a new machine, so that they are pulled from the registry. */
const FORGET = 'docker image prune --all --force'

const app = (domain: string) => `${domain}/my-namespace/app:$GITHUB_SHA`
const dockerPull = (...domains: string[]) =>
  domains.map(domain => `${FORGET} && docker pull ${app(domain)}`).join(' && ')

const EXAMPLES: Record<string, Example> = {
  'access-token': { pull: dockerPull('us.icr.io') },
  buildah: { pull: `buildah pull --policy always ${app('jp.icr.io')}` },
  'buildah-push-to-registry': { pull: `podman pull ${app('de.icr.io')}` },
  'check-push': { pull: dockerPull('us.icr.io', 'de.icr.io'), there: ['us.icr.io/my-namespace/base:1'] },
  'compute-resource': { lacks: 'a VPC server or a cluster of IBM Cloud' },
  'docker-build-push': { pull: dockerPull('us.icr.io') },
  'helm-oras-kaniko': {
    pull: 'oras pull --registry-config "$RUNNER_TEMP/icr.json" us.icr.io/my-namespace/report:$GITHUB_SHA',
    programs: ['helm', 'oras'],
    without: 'kaniko',
  },
  'kubernetes-pull-secret': { lacks: 'a cluster' },
  // Written for the real service.
  live: {
    file: '.github/workflows/live.yml',
    pull: 'docker pull us.icr.io/my-namespace/icr-login-live:docker',
    pullsItself: true,
    dispatch: {},
  },
  'matrix-over-registries': { pull: dockerPull('jp.icr.io'), pullsItself: true },
  podman: { pull: `podman pull ${app('uk.icr.io')}` },
  'self-hosted': { pull: dockerPull('private.us.icr.io') },
  'several-regions': { pull: dockerPull('us.icr.io', 'de.icr.io', 'icr.io') },
  'skopeo-copy-between-regions': {
    pull: 'skopeo inspect docker://us.icr.io/my-namespace/app:1',
    pullsItself: true,
    there: ['de.icr.io/my-namespace/app:1'],
    dispatch: { tag: '1' },
  },
}

interface Step {
  name?: string
  uses?: string
  run?: string
  with?: Record<string, unknown>
}
interface Workflow {
  jobs: Record<string, { steps: Step[]; needs?: string; strategy?: Record<string, unknown> }>
}

/** The result of an example. */
interface Outcome {
  /** Missing requirements. If there are any, the example was not run. */
  missing: string[]
  pushed: string[]
  pulled: string[]
  loggedOut: boolean
  /** How the run differed from the example. */
  remarks: string[]
  /** What failed; empty if nothing did. */
  wrong: string[]
}

const git = (folder: string, ...args: string[]) =>
  execFileSync('git', ['-C', folder, ...args], {
    stdio: ['ignore', 'pipe', 'ignore'],
    encoding: 'utf8',
    timeout: 120_000,
  })

/** The folder of an action at its commit, cloned if missing; undefined if it cannot be cloned. */
function checkout(uses: string): string | undefined {
  const folder = join(repository, '.cache/actions', uses)
  if (existsSync(folder)) return folder
  const [action = '', commit = ''] = uses.split('@')
  const unfinished = join(repository, '.cache/actions/.unfinished')
  rmSync(unfinished, { recursive: true, force: true })
  mkdirSync(unfinished, { recursive: true })
  try {
    git(unfinished, 'init', '--quiet')
    git(unfinished, 'fetch', '--quiet', '--depth=1', `https://github.com/${action}`, commit)
    git(unfinished, 'checkout', '--quiet', commit)
    cpSync(unfinished, folder, { recursive: true })
    return folder
  } catch {
    return undefined
  } finally {
    rmSync(unfinished, { recursive: true })
  }
}

/** The output of act for each example. */
const logs = join(repository, '.cache/examples')

/** The folder of docker's plugins that are installed only for this user. */
const plugins = join(process.env.DOCKER_CONFIG ?? join(homedir(), '.docker'), 'cli-plugins')

/** Whether a program is installed. `docker buildx` is a plugin, not a program. */
function isThere(program: string): boolean {
  if (program !== 'docker buildx') return findProgram(program) !== undefined
  try {
    execFileSync('docker', ['buildx', 'version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** Fills the repository of a workflow: something to build, a chart, a report, and this action. */
function fillWorkspace(job: Job, workflow: Workflow): void {
  const file = (name: string) => join(job.workspace, name)
  // A program that needs no other files, because an example runs its image.
  copyFileSync(['/sbin/ldconfig.real', '/sbin/ldconfig'].find(existsSync) as string, file('program'))
  for (const name of ['Dockerfile', 'Containerfile']) {
    put(file(name), 'FROM scratch\nCOPY program /\nENTRYPOINT ["/program"]\n')
  }
  put(file('chart/Chart.yaml'), 'apiVersion: v2\nname: chart\nversion: 1.0.0\n')
  put(file('report.json'), {})
  put(file('.github/workflows/example.yml'), stringify(workflow))
  for (const path of ['action.yml', 'dist']) cpSync(join(repository, path), file(path), { recursive: true })
  git(job.workspace, 'init', '--quiet', '--initial-branch=main')
  git(job.workspace, 'add', '.')
  git(job.workspace, '-c', 'user.name=a', '-c', 'user.email=a@localhost', 'commit', '--quiet', '--message=a')
}

/** Makes podman and buildah use only the job's folder, and act use Node 24. */
function environment(job: Job): Record<string, string> {
  const file = join(job.folder, 'storage.conf')
  const [root, run] = [join(job.folder, 'root'), join(job.folder, 'run')]
  put(file, `[storage]\ndriver = "vfs"\ngraphroot = "${root}"\nrunroot = "${run}"\n`)
  return {
    PATH: [dirname(node24), job.env.PATH].join(delimiter),
    CONTAINERS_STORAGE_CONF: file,
    STORAGE_DRIVER: 'vfs',
    BUILDAH_ISOLATION: 'chroot',
    // act uses these variables only for actions from another repository.
    GITHUB_ACTION_REPOSITORY: '',
    GITHUB_ACTION_REF: '',
  }
}

/** The domains of successful manifest requests, without duplicates. */
const domains = (requests: SeenRequest[], ...methods: string[]) => [
  ...new Set(
    requests
      .filter(({ path, status }) => /\/manifests\//.test(path) && status !== undefined && status < 300)
      .flatMap(seen => (methods.includes(seen.method) ? [seen.host] : [])),
  ),
]

/** Third-party actions, except actions/checkout, which act handles itself. */
const actionsOf = (steps: Step[]) =>
  steps.flatMap(({ uses = '' }) => (/^(\.\/|OWNER\/|actions\/checkout@|$)/.test(uses) ? [] : [uses]))

/** Missing requirements of an example that can be installed. */
function missing({ programs = [] }: Example, actions: string[]): string[] {
  const buildx = actions.some(uses => uses.startsWith('docker/')) ? ['docker buildx'] : []
  return [
    ...[...programs, ...buildx].filter(program => !isThere(program)),
    ...actions.filter(uses => !checkout(uses)).map(uses => uses.replace(/@.*/, '')),
  ]
}

async function run(testbed: Testbed, name: string): Promise<Outcome> {
  const outcome: Outcome = { missing: [], pushed: [], pulled: [], loggedOut: false, remarks: [], wrong: [] }
  const example = EXAMPLES[name] as Example
  if (example.lacks) return { ...outcome, missing: [example.lacks] }
  const file = join(repository, example.file ?? `examples/${name}.yml`)
  const workflow = parse(readFileSync(file, 'utf8')) as Workflow
  const { pull, pullsItself, without, there = [], dispatch } = example

  // Adapts the example to this machine.
  const jobs = Object.values(workflow.jobs)
  if (without) {
    for (const job of jobs) job.steps = job.steps.filter(step => step.name !== without)
    outcome.remarks.push(`without ${without}`)
  }
  const actions = actionsOf(jobs.flatMap(job => job.steps))
  outcome.missing = missing(example, actions)
  if (outcome.missing.length > 0) return outcome
  for (const step of jobs.flatMap(job => job.steps)) {
    if (!step.uses?.startsWith('docker/setup-buildx-action@')) continue
    // The builder image of the docker-container driver is not available here.
    step.with = { driver: 'docker' }
    outcome.remarks.push('with the `docker` driver')
  }
  for (const [index, job] of jobs.entries()) {
    // On GitHub, each job has its own machine. Here they share a docker daemon, one after the other.
    job.steps.unshift({ run: FORGET })
    const before = Object.keys(workflow.jobs)[index - 1]
    if (before) job.needs = before
    if (job.strategy) job.strategy['max-parallel'] = 1
  }
  if (pull && !pullsItself) jobs.at(-1)?.steps.push({ run: pull })

  const credentials = testbed.credentials({ 'my-namespace': 'push' })
  for (const image of there) {
    const before = testbed.newJob()
    await before.uses(inputs(credentials, { region: image.replace(/\/.*/, ''), client: 'skopeo' }))
    await laterSteps(before, 'skopeo').push(image)
    await before.end()
  }
  testbed.requests.length = 0

  const job = testbed.newJob({ limitMs: 900_000 })
  fillWorkspace(job, workflow)
  if (existsSync(plugins)) cpSync(plugins, join(job.home, '.docker/cli-plugins'), { recursive: true })
  const secrets = join(job.folder, 'secrets')
  put(secrets, `ICR_API_KEY=${credentials.apiKey}\n`)
  const options = [
    ...['--workflows', '.github/workflows/example.yml', '--no-cache-server', '--concurrent-jobs', '1'],
    ...['ubuntu-24.04', 'self-hosted'].flatMap(label => ['--platform', `${label}=-self-hosted`]),
    ...['--local-repository', `OWNER/icr-login@v1=${job.workspace}`],
    ...actions.flatMap(uses => ['--local-repository', `${uses}=${checkout(uses)}`]),
    ...['--secret-file', secrets, '--var', `ICR_PROFILE_ID=${credentials.profileId}`],
    ...['--var', 'ICR_NAMESPACE=my-namespace'],
    ...Object.entries(dispatch ?? {}).flatMap(([input, value]) => ['--input', `${input}=${value}`]),
  ]
  const command = ['act', dispatch ? 'workflow_dispatch' : 'push', ...options.map(option => `'${option}'`)]
  const env = environment(job)
  const ran = await job.run(command.join(' '), env)
  put(join(logs, `${name}.log`), ran.log)
  if (ran.exitCode !== 0) outcome.wrong.push(`act failed with exit code ${ran.exitCode}:\n${ran.log}`)
  if (holdsSecret(ran.raw, credentials)) outcome.wrong.push('the API key is in the output of act')
  outcome.pushed = domains(testbed.requests, 'PUT')
  // A docker daemon that already knows a manifest only requests its digest.
  outcome.pulled = domains(testbed.requests, 'GET', 'HEAD')

  // Checks what is left after the job.
  rmSync(secrets)
  const leftIn = filesWithSecret(job.folder, credentials)
  const after = await job.run(pull ?? 'false', {
    ...env,
    GITHUB_SHA: git(job.workspace, 'rev-parse', 'HEAD').trim(),
  })
  const refused = after.exitCode !== 0 && /unauthorized|authentication required|denied/i.test(after.log)
  outcome.loggedOut = refused && leftIn.length === 0
  if (!refused) outcome.wrong.push(`still possible after the job: ${pull}\n${after.log}`)
  if (leftIn.length > 0) outcome.wrong.push(`the API key is still in ${leftIn.join(', ')}`)
  if (outcome.pushed.length === 0) outcome.wrong.push('nothing was pushed')
  if (outcome.pulled.length === 0) outcome.wrong.push('nothing was pulled')
  return outcome
}

/** The versions of the programs, for docs/compatibility.md. */
function versions(): string {
  const first = (program: string, ...args: string[]) => {
    try {
      const text = execFileSync(program, args, { stdio: ['ignore', 'pipe', 'ignore'], encoding: 'utf8' })
      return [`${[program, ...args.slice(0, -1)].join(' ')} ${text.match(/\d+\.\d+(\.\d+)?/)?.[0]}`]
    } catch {
      return []
    }
  }
  return [
    ...['act', 'docker', 'podman', 'buildah', 'skopeo'].flatMap(program => first(program, '--version')),
    ...first('docker', 'buildx', 'version'),
    ...['helm', 'oras'].flatMap(program => first(program, 'version')),
  ].join(', ')
}

const strict = process.argv[2] === '--strict'
const all = Object.keys(EXAMPLES)
const named = process.argv.slice(strict ? 3 : 2)
const unknown = named.filter(name => !all.includes(name))
if (unknown.length > 0) {
  console.error(`script/examples: unknown example ${unknown.join(', ')}. Available: ${all.join(', ')}.`)
  process.exit(2)
}
warnOfOldBundle()
const outcomes = new Map<string, Outcome>()
const testbed = await startTestbed({ daemon: true }).catch(error => {
  if (!(error instanceof NoDaemon)) throw error
  console.error(`script/examples: ${error.message}.`)
  process.exit(1)
})
try {
  for (const name of named.length > 0 ? named : all) {
    const outcome = await run(testbed, name)
    testbed.tidy()
    outcomes.set(name, outcome)
    const state = outcome.missing.length > 0 ? '-' : outcome.wrong.length > 0 ? '✗' : '✓'
    console.log([`${state} ${name}`, ...outcome.wrong].join('\n'))
  }
} finally {
  await testbed.stop()
}

console.log('\n| example | pushed | pulled | logged out after | |\n| --- | --- | --- | --- | --- |')
for (const [name, { missing, pushed, pulled, loggedOut, remarks }] of outcomes) {
  const cells =
    missing.length > 0
      ? ['', '', '', `skipped: requires ${missing.join(', ')}`]
      : [pushed.join(', '), pulled.join(', '), loggedOut ? 'yes' : 'no', remarks.join(', ')]
  console.log(`| ${[name, ...cells].join(' | ')} |`)
}
console.log(`\n${versions()}`)
const results = [...outcomes]
const skipped = results.filter(([, { missing }]) => missing.length > 0)
const wrong = results.filter(([, outcome]) => outcome.wrong.length > 0).length
console.log(`\n${results.length - skipped.length - wrong} passed, ${wrong} failed, ${skipped.length} skipped`)
const avoidable = skipped.filter(([name]) => !EXAMPLES[name]?.lacks)
process.exit(wrong > 0 || (strict && avoidable.length > 0) ? 1 : 0)
