// Measures the size and speed of the action in one run and prints a Markdown table. Times are medians of
// whole processes that take turns, so that other load on the machine affects all of them equally. What counts
// is their ratio.

import { execFileSync, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { startTestbed } from '../__tests__/testbed/index.ts'
import { Job } from '../__tests__/testbed/runner.ts'
import { clientPath, node24, repository } from '../__tests__/testbed/tools.ts'
import { CLIENT_NAMES, type ClientName } from '../src/clients/table.ts'
import { REGIONS } from '../src/ibm/regions.ts'
import { warnOfOldBundle } from './old-bundle.ts'
import { distBytes, downloadBytes } from './sizes.ts'

const [name = 'docker', rounds = '21'] = process.argv.slice(2)
const client = CLIENT_NAMES.find(known => known === name) as ClientName
if (client === undefined || !/^[1-9]\d*$/.test(rounds)) {
  console.error(`usage: script/bench [${CLIENT_NAMES.join('|')}] [ROUNDS]`)
  process.exit(2)
}

warnOfOldBundle()

const NEAR = { region: 'us-south' }
const THREE = { region: 'us-south, eu-de, jp-tok' }

/** The registry's latency when many regions are compared with one. */
const DISTANCE_MS = 300
/** Few rounds are enough, because each one takes seconds and the times hardly vary. */
const DISTANT_ROUNDS = 5

const version = (program: string) =>
  execFileSync(program, ['--version'], { encoding: 'utf8', env: { ...process.env, PATH: clientPath } }).trim()
const versions = `Node ${version(node24)}, ${version(client)}`

const testbed = await startTestbed()
const { profileId, apiKey } = testbed.credentials()
const env = { ...testbed.env, PATH: clientPath }

/** Runs a process that must succeed. @returns its duration in milliseconds */
function timed(command: string[], env: Record<string, string>, input = ''): Promise<number> {
  const start = performance.now()
  const child = spawn(command[0] as string, command.slice(1), { env, stdio: ['pipe', 'ignore', 'ignore'] })
  child.stdin.end(input)
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', exitCode =>
      exitCode === 0
        ? resolve(performance.now() - start)
        : reject(new Error(`${command.join(' ')}: exit code ${exitCode}`)),
    )
  })
}

const bareNode = () => timed([node24, '--eval', '0'], env)

/** The client's own login, in the same kind of empty folder that the action gives it. */
function ownLogin(domain: string): Promise<number> {
  const folder = mkdtempSync(join(testbed.folder, 'login-'))
  writeFileSync(join(folder, 'config.json'), JSON.stringify({ auths: { [domain]: {} } }))
  const where = client === 'docker' ? [] : ['--authfile', join(folder, 'auth.json')]
  const command = [client, 'login', '--username', profileId, '--password-stdin', ...where, domain]
  return timed(command, { ...env, HOME: folder, DOCKER_CONFIG: folder }, apiKey)
}

async function ownLoginsSideBySide(): Promise<number> {
  const start = performance.now()
  await Promise.all(REGIONS.map(({ domain }) => ownLogin(domain)))
  return performance.now() - start
}

/** Runs the action's two steps in a new job. */
async function action(
  inputs: Record<string, string>,
  ofMain: Record<string, string> = {},
): Promise<{ main: number; post: number }> {
  const job = new Job({ env: { ...env, ...ofMain } })
  // As on a runner that already has other logins.
  mkdirSync(join(job.home, '.docker'))
  writeFileSync(
    join(job.home, '.docker/config.json'),
    JSON.stringify({ auths: { 'quay.io': { auth: 'eDp5' } } }),
  )
  const main = await job.uses({ 'profile-id': profileId, 'api-key': apiKey, client, ...inputs })
  for (const name in ofMain) delete job.env[name]
  const [post] = await job.end()
  job.remove()
  if (main.exitCode !== 0 || post?.exitCode !== 0) throw new Error(main.log + post?.log)
  return { main: main.milliseconds, post: post.milliseconds }
}

/** What happens before each point in time that timeline.cjs records of a main step. */
const MOMENTS = {
  'first line': 'Node, reading and compiling the bundle',
  'state saved': "a name for the step's folder",
  'inputs checked': 'masks, the search for the client',
  'client starts': '`child_process`, a scratch folder for the client',
  'client has ended': `${client} itself; meanwhile \`crypto\` and SQLite are loaded`,
  'undo record': 'the scratch folder is removed, locks, the credential file is read',
  stored: 'the credential file is replaced',
  'exit handlers': 'the credential file is read again',
  'end of the process': 'Node shuts down',
}
type Timeline = Record<keyof typeof MOMENTS, number>

async function timeline(): Promise<Timeline> {
  const TIMELINE = join(testbed.folder, 'timeline.json')
  const NODE_OPTIONS = `--require ${join(repository, 'script/timeline.cjs')}`
  const { main } = await action(NEAR, { TIMELINE, NODE_OPTIONS })
  return { ...JSON.parse(readFileSync(TIMELINE, 'utf8')), 'end of the process': main }
}

const median = (times: number[]) =>
  times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? Number.NaN

/** Repeats the measurements in turn. @returns the median of each, in milliseconds */
async function medians<Name extends string>(
  rounds: number,
  measure: () => Promise<Record<Name, number>>,
): Promise<Record<Name, number>> {
  await measure() // Warm-up: files are cached in memory afterwards.
  const all: Record<Name, number>[] = []
  for (let round = 0; round < rounds; round++) all.push(await measure())
  const names = Object.keys(all[0] ?? {}) as Name[]
  return Object.fromEntries(names.map(name => [name, median(all.map(one => one[name]))])) as Record<
    Name,
    number
  >
}

const near = await medians(Number(rounds), async () => ({
  bare: await bareNode(),
  own: await ownLogin('us.icr.io'),
  ...(await action(NEAR)),
  byToken: (await action({ ...NEAR, 'auth-method': 'access-token' })).main,
}))
const moments = await medians(Number(rounds), timeline)
testbed.delayMs = DISTANCE_MS
const distant = await medians(DISTANT_ROUNDS, async () => ({
  one: (await action(NEAR)).main,
  all: (await action({ region: REGIONS.map(({ id }) => id).join() })).main,
  three: (await action(THREE)).main,
  checked: (await action({ ...THREE, 'check-push': 'team/app' })).main,
  ownOne: await ownLogin('us.icr.io'),
  ownAll: await ownLoginsSideBySide(),
}))
await testbed.stop()

const size = (bytes: number) => `${(bytes / 1000).toFixed(1)} kB`
const starts = (ms: number) => `${(ms / near.bare).toFixed(2)} starts (${ms.toFixed(0)} ms)`
const against = (all: number, one: number) =>
  `${(all / one).toFixed(2)} (${all.toFixed(0)} ms, ${one.toFixed(0)} ms)`
const regions = `${REGIONS.length} regions compared to one, registry with ${DISTANCE_MS} ms latency`
console.log(`
| figure | target | measured |
| --- | --- | --- |
| download: \`git archive HEAD \\| gzip -9 \\| wc -c\` | ≤ 60 kB | ${size(downloadBytes())} |
| \`dist\` total, not minified | ≤ 165 kB | ${size(distBytes())} |
| main step without ${client}'s own login (${near.own.toFixed(0)} ms) | ≤ 1.8 Node starts | ${starts(near.main - near.own)} |
| the same with \`auth-method: access-token\` (two requests to IAM) | | ${starts(near.byToken - near.own)} |
| post step | ≤ 1.6 Node starts | ${starts(near.post)} |
| ${regions} | as ${client} alone, ± 0.05 | ${against(distant.all, distant.one)} |
| the same with ${client} alone, in parallel, without the action | | ${against(distant.ownAll, distant.ownOne)} |
| time that \`check-push\` adds for three regions, same latency | four round trips: ${4 * DISTANCE_MS} ms | ${(distant.checked - distant.three).toFixed(0)} ms |

| point in the main step | ms | what happens before |
| --- | --- | --- |
${Object.entries(MOMENTS)
  .map(([name, what]) => `| ${name} | ${moments[name as keyof Timeline].toFixed(0)} | ${what} |`)
  .join('\n')}

Medians of ${rounds} rounds (${DISTANT_ROUNDS} rounds for the figures with latency), all in one run. One Node start took ${near.bare.toFixed(0)} ms.
${versions}, ${cpus().length} × ${cpus()[0]?.model}.`)
