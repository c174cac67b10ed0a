import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { filesWithSecret } from '../testbed/find-secret.ts'
import { entryOf, inputs, put, read, somebody, until } from '../testbed/helpers.ts'
import { type Credentials, startTestbed, type Testbed } from '../testbed/index.ts'
import { laterSteps } from '../testbed/later-steps.ts'
import { noFilters, refusing, testUnless } from '../testbed/needs.ts'
import { processesNaming } from '../testbed/processes.ts'
import { nodeBy } from '../testbed/programs.ts'
import { nodeOfRunner } from '../testbed/tools.ts'

let testbed: Testbed
let credentials: Credentials
beforeAll(async () => {
  testbed = await startTestbed()
})
afterAll(() => testbed.stop())
beforeEach(() => {
  credentials = testbed.credentials()
})
afterEach(() => testbed.tidy())

const clean = { exitCode: 0, annotations: [] }

// The first one is the oldest with Node's `proxyEnv`, which the action's requests need.
const RUNNERS: [runner: string, node: string][] = [
  ['2.327', '24.5.0'],
  ['2.330', '24.11.1'],
]

test('the README names the oldest runner', () => {
  const [[runner, node] = []] = RUNNERS
  expect(readFileSync('README.md', 'utf8')).toContain(
    `| runner | ${runner} (Node ${node?.replace(/\.\d+$/, '')}) or later |`,
  )
})

test('an older Node, as on 32-bit ARM: one error that names the version, and the post step does not fail', async () => {
  const job = testbed.newJob({ node: nodeOfRunner('20.20.2') })
  const message = expect.stringMatching(/^icr-login requires Node 24, but this is Node 20\.20\.2\. /)
  expect(await job.uses(inputs(credentials))).toMatchObject({
    exitCode: 1,
    annotations: [{ kind: 'error', message }],
  })
  expect(await job.end()).toMatchObject([{ ...clean, log: '' }])
})

describe.each(RUNNERS)('runner %s, Node %s', (_runner, version) => {
  const newJob = () => testbed.newJob({ node: nodeOfRunner(version) })

  test('a login, a check, a push, and the post step, without warnings', async () => {
    const job = newJob()
    const step = await job.uses(inputs(credentials, { client: 'skopeo', 'check-push': 'team/old-node' }))
    expect(step).toMatchObject(clean)
    expect(await laterSteps(job, 'skopeo').push('us.icr.io/team/old-node:1')).toMatchObject({ exitCode: 0 })
    const [post] = await job.end()
    expect(post).toMatchObject(clean)
    expect(`${step.raw}${post?.raw}`).not.toMatch(/warning/i)
    expect(filesWithSecret(job.folder, credentials)).toEqual([])
  })

  test('refused credentials: the registry and IAM are asked for the reason', async () => {
    const job = newJob()
    const { apiKey } = testbed.cloud.serviceId()
    const step = await job.uses(inputs({ ...credentials, apiKey }, { client: 'skopeo' }))
    const message = expect.stringMatching(/#untrusted$/)
    expect(step).toMatchObject({ exitCode: 1, annotations: [{ kind: 'error', message }] })
    expect(await job.end()).toMatchObject([clean])
  })

  test('several jobs that share a file at the same time: all logins are stored, and all are removed', async () => {
    const regions = { 'us-south': 'us', 'eu-de': 'de', 'jp-tok': 'jp', 'au-syd': 'au' }
    const file = join(testbed.folder, version, 'auth.json')
    const text = put(file, { auths: { 'quay.io': somebody } })
    const jobs = Object.keys(regions).map(region => ({ region, job: newJob() }))
    const steps = await Promise.all(
      jobs.map(({ region, job }) => {
        job.env.REGISTRY_AUTH_FILE = file
        return job.uses(inputs(credentials, { client: 'skopeo', region }))
      }),
    )
    expect(steps).toMatchObject(jobs.map(() => clean))
    const logins = Object.values(regions).map(name => [`${name}.icr.io`, entryOf(credentials)])
    expect(read(file).auths).toEqual({ 'quay.io': somebody, ...Object.fromEntries(logins) })
    const posts = await Promise.all(jobs.map(({ job }) => job.end()))
    expect(posts).toMatchObject(jobs.map(() => [clean]))
    expect(read(file)).toEqual(JSON.parse(text))
  })

  test('a canceled job: the client is terminated, and no credentials are left', async () => {
    const job = newJob()
    testbed.fault(() => 'hang')
    const { child, finished } = job.start(inputs(credentials, { client: 'skopeo' }))
    await until(() => testbed.requests.length > 0)
    child.kill('SIGINT')
    expect(await finished).toMatchObject({ exitCode: 130 })
    await until(() => processesNaming(credentials.profileId).length === 0)
    expect(await job.end()).toMatchObject([{ exitCode: 0 }])
    expect(filesWithSecret(job.folder, credentials)).toEqual([])
  })

  testUnless(noFilters)('no memory to start a client: one error', async () => {
    const node = nodeBy(testbed.folder, refusing('fork', 'ENOMEM'), nodeOfRunner(version))
    const job = testbed.newJob({ node })
    const step = await job.uses(inputs(credentials, { client: 'skopeo' }))
    const message = expect.stringMatching(/#shortage$/)
    expect(step).toMatchObject({ exitCode: 1, annotations: [{ kind: 'error', message }] })
    expect(step.raw).not.toMatch(/^ +at |^Node\.js /m)
    expect(await job.end()).toMatchObject([clean])
  })
})
