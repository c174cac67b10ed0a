// Runs the main use case step by step: log in, push, pull, clean up, and check that a pull is refused.

import { NoDaemon } from '../__tests__/testbed/daemon.ts'
import { startTestbed, type Testbed } from '../__tests__/testbed/index.ts'
import { laterSteps } from '../__tests__/testbed/later-steps.ts'
import type { StepResult } from '../__tests__/testbed/runner.ts'
import { CLIENT_NAMES, type ClientName } from '../src/clients/table.ts'
import { warnOfOldBundle } from './old-bundle.ts'

/** The expected result of a step. A step that should be refused must fail for that reason. */
const EXPECTATIONS = {
  'should succeed': ({ exitCode }: StepResult) => exitCode === 0,
  'should be refused': ({ exitCode, log }: StepResult) => exitCode !== 0 && /unauthorized/i.test(log),
}

interface Step {
  /** As a user of the action would write it. */
  command: string[]
  should: keyof typeof EXPECTATIONS
  /**
   * Whose output it is. The action's log is shown in full, a client's only by its last line, unless the step
   * failed.
   */
  by: 'action' | 'client'
}

/** Prints a step and its result. @returns whether it went as expected */
function tell({ command, should, by }: Step, result: StepResult): boolean {
  const right = EXPECTATIONS[should](result)
  const log = result.log.split('\n').filter(line => line.trim() !== '' && !/level=info/.test(line))
  const shown = by === 'action' || !right ? log : log.filter(line => line !== 'Storing signatures').slice(-1)
  const [first, ...rest] = command
  console.log(`${mark(right)} ${first}`)
  for (const line of [...rest, ...shown]) console.log(`    ${line}`)
  if (!right) console.log(`    [exit code ${result.exitCode}, but the step ${should}]`)
  return right
}

const nameOf = (client: string, authMethod: string) =>
  authMethod === 'api-key' ? client : `${client}, ${authMethod}`
const mark = (right: boolean) => (right ? '✓' : '✗')

/** Runs the use case with one client. @returns whether each step went as expected */
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
        tell({ command: ['post step at the end of the job'], should: 'should succeed', by: 'action' }, post),
      ),
      tell(
        { command: [`${pull}   # after logging out`], should: 'should be refused', by: 'client' },
        await later.pull(image),
      ),
    ]
  } finally {
    job.remove()
  }
}

/** Starts the test bed. Exits if there is no docker daemon. */
async function start(daemon: boolean): Promise<Testbed> {
  try {
    return await startTestbed({ daemon })
  } catch (error) {
    if (!(error instanceof NoDaemon)) throw error
    const others = CLIENT_NAMES.filter(client => client !== 'docker').join(' ')
    console.error(`script/try: ${error.message}. To run without one: script/try ${others}`)
    process.exit(1)
  }
}

// As in `script/try | head`. The current client is completed, because its last steps clean up.
let readerIsGone = false
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  readerIsGone = true
})

const clients = process.argv.length > 2 ? (process.argv.slice(2) as ClientName[]) : CLIENT_NAMES
warnOfOldBundle()
console.log(
  "This machine stands in for IBM Cloud. The clients, the registry software, and the action's bundle are real.",
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
  console.log(`${mark(right === steps.length)} ${client}: ${right} of ${steps.length} steps passed`)
}
const all = [...results.values()].flat()
// 141 is the exit code that shells report for a program killed by a closed pipe.
process.exit(readerIsGone ? 141 : all.every(right => right) ? 0 : 1)
