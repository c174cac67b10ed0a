// The main job, told step by step: log in, push, pull, clean up, and find the pull refused.

import { NoDaemon } from '../__tests__/testbed/daemon.ts'
import { startTestbed, type Testbed } from '../__tests__/testbed/index.ts'
import { laterSteps } from '../__tests__/testbed/later-steps.ts'
import type { StepResult } from '../__tests__/testbed/runner.ts'
import { CLIENT_NAMES, type ClientName } from '../src/clients/table.ts'
import { warnOfOldBundle } from './old-bundle.ts'

/** What a step should do; that it fails is not enough for one that should be refused. */
const EXPECTATIONS = {
  'should succeed': ({ exitCode }: StepResult) => exitCode === 0,
  'should be refused': ({ exitCode, log }: StepResult) => exitCode !== 0 && /unauthorized/i.test(log),
}

interface Step {
  /** As a user of the action writes it. */
  command: string[]
  should: keyof typeof EXPECTATIONS
  /** Who prints: the action's log is shown in full, of a client's the last line, unless something is wrong. */
  by: 'action' | 'client'
}

/** Tells a step and what came of it. @returns whether it did as it should */
function tell({ command, should, by }: Step, result: StepResult): boolean {
  const right = EXPECTATIONS[should](result)
  const log = result.log.split('\n').filter(line => line.trim() !== '' && !/level=info/.test(line))
  const shown = by === 'action' || !right ? log : log.filter(line => line !== 'Storing signatures').slice(-1)
  const [first, ...rest] = command
  console.log(`${mark(right)} ${first}`)
  for (const line of [...rest, ...shown]) console.log(`    ${line}`)
  if (!right) console.log(`    [exit code ${result.exitCode}, but it ${should}]`)
  return right
}

const nameOf = (client: string, authMethod: string) =>
  authMethod === 'api-key' ? client : `${client}, ${authMethod}`
const mark = (right: boolean) => (right ? '✓' : '✗')

/** The whole job with one client. @returns for each step whether it did as it should */
async function tryClient(
  testbed: Testbed,
  client: ClientName,
  authMethod: 'api-key' | 'access-token' = 'api-key',
): Promise<boolean[]> {
  const { profileId, apiKey } = testbed.credentials()
  const job = testbed.newJob()
  const later = laterSteps(job, client)
  const image = `us.icr.io/team/hello:${client}`
  const pull = later.shown.pull(image)
  const inputs: Record<string, string> = { region: 'us-south', 'profile-id': profileId, client }
  if (authMethod !== 'api-key') inputs['auth-method'] = authMethod
  const written = Object.entries({ ...inputs, 'api-key': '***' }).map(([name, value]) => `${name}: ${value}`)
  const uses = [`uses: ${job.env.GITHUB_ACTION_REPOSITORY}@${job.env.GITHUB_ACTION_REF}`]
  uses.push(`with: { ${written.join(', ')} }`)
  try {
    console.log(`\n${nameOf(client, authMethod)}`)
    return [
      tell(
        { command: uses, should: 'should succeed', by: 'action' },
        await job.uses({ ...inputs, 'api-key': apiKey }),
      ),
      tell(
        { command: [later.shown.push(image)], should: 'should succeed', by: 'client' },
        await later.push(image),
      ),
      tell({ command: [pull], should: 'should succeed', by: 'client' }, await later.pull(image)),
      ...(await job.end()).map(post =>
        tell({ command: ["post step, at the job's end"], should: 'should succeed', by: 'action' }, post),
      ),
      tell(
        { command: [`${pull}   # after it, refused`], should: 'should be refused', by: 'client' },
        await later.pull(image),
      ),
    ]
  } finally {
    job.remove()
  }
}

/** Starts the test bed; without a docker daemon there is nothing to try. */
async function start(daemon: boolean): Promise<Testbed> {
  try {
    return await startTestbed({ daemon })
  } catch (error) {
    if (!(error instanceof NoDaemon)) throw error
    const others = CLIENT_NAMES.filter(client => client !== 'docker').join(' ')
    console.error(`script/try: ${error.message}; \`script/try ${others}\` needs none.`)
    process.exit(1)
  }
}

// As in `script/try | head`: the client under way is brought to its end, for its steps clean up.
let readerIsGone = false
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  readerIsGone = true
})

const clients = process.argv.length > 2 ? (process.argv.slice(2) as ClientName[]) : CLIENT_NAMES
warnOfOldBundle()
console.log(
  "IBM Cloud is played by this machine; the clients, the registry software and the action's bundle are real.",
)
const testbed = await start(clients.includes('docker'))
const results = new Map<string, boolean[]>()
try {
  for (const client of clients) {
    if (!readerIsGone) results.set(client, await tryClient(testbed, client))
  }
  const [client] = clients.slice(-1)
  if (client !== undefined && !readerIsGone) {
    const name = nameOf(client, 'access-token')
    results.set(name, await tryClient(testbed, client, 'access-token'))
  }
} finally {
  await testbed.stop()
}
console.log()
for (const [client, steps] of results) {
  const right = steps.filter(step => step).length
  console.log(
    `${mark(right === steps.length)} ${client}: ${right} of ${steps.length} steps went as they should`,
  )
}
const all = [...results.values()].flat()
// 141: what a shell reports of a program that wrote to a reader that was gone.
process.exit(readerIsGone ? 141 : all.every(right => right) ? 0 : 1)
