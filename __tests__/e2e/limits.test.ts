// The time limits in real time, all in parallel, because these tests mostly wait. The tests in other files
// skip the action's waiting times: see skip-time.cjs.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { newApiKey } from '../testbed/cloud.ts'
import { addHelper } from '../testbed/credential-helper.ts'
import { inputs, NOTHING_TO_LOG_OUT_OF, put, read, until } from '../testbed/helpers.ts'
import { type Fault, type SeenRequest, startTestbed, type Testbed } from '../testbed/index.ts'
import { processesNaming } from '../testbed/processes.ts'
import type { Job } from '../testbed/runner.ts'

let testbed: Testbed
/** The fault of each host. Each test uses a different host. */
const faults = new Map<string, (request: SeenRequest) => Fault | undefined>()
beforeAll(async () => {
  testbed = await startTestbed()
  testbed.fault(request => faults.get(request.host)?.(request))
})
afterAll(() => {
  testbed.tidy()
  return testbed.stop()
})

/** Far more than the longest test takes, because all start at the same time. */
const TIMEOUT_MS = 300_000
const LIMITS = { limitMs: 280_000 }

const isToken = ({ path }: SeenRequest) => path === '/oauth/token'
const tokenRequests = (domain: string) =>
  testbed.requests.filter(request => request.host === domain && isToken(request))
const oneError = (message: RegExp) => ({
  exitCode: 1,
  annotations: [{ kind: 'error', message: expect.stringMatching(message) }],
})

interface Holder {
  /** Creates another job with the same home. */
  newJob(): Job
  job: Job
  /** The path of docker's config.json. */
  file: string
  /** Lets the helper continue. */
  goOn(): void
  started: ReturnType<Job['start']>
}

/**
 * Starts a step that holds the lock of docker's config.json until it is told to continue, because its
 * credential helper waits.
 *
 * @param before what another job with the same home does before
 */
async function holder(
  credentials: ReturnType<Testbed['credentials']>,
  before: (job: Job) => Promise<unknown> = async () => {},
): Promise<Holder> {
  const shared = mkdtempSync(join(testbed.folder, 'shared-'))
  const [home, go, held] = ['home', 'go', 'held'].map(name => join(shared, name)) as [string, string, string]
  mkdirSync(home)
  const file = join(home, '.docker/config.json')
  put(file, { credHelpers: { 'es.icr.io': 'waiting' } })
  const newJob = () => testbed.newJob({ ...LIMITS, home })
  await before(newJob())
  const job = newJob()
  addHelper(job, 'waiting', `touch ${held}; while [ -e ${shared} ] && [ ! -e ${go} ]; do sleep 0.1; done`)
  const started = job.start(inputs(credentials, { region: 'eu-es' }))
  await until(() => existsSync(held))
  return { newJob, job, file, goOn: () => writeFileSync(go, ''), started }
}

const clean = { exitCode: 0, annotations: [] }
const domainsIn = (file: string) => Object.keys(read(file).auths).sort()

// At most five run at the same time, so the longest are first.

test.concurrent(
  'all logins and checks, 150 seconds: the last attempt gets the remaining time',
  async () => {
    const job = testbed.newJob(LIMITS)
    const isUpload = ({ path }: SeenRequest) => path.endsWith('/blobs/uploads/')
    let asked = 0
    faults.set('de.icr.io', request =>
      isUpload(request) || (isToken(request) && asked++ === 0) ? 'hang' : undefined,
    )
    const more = { region: 'eu-de', client: 'podman', 'check-push': 'team/app' }
    const step = await job.uses(inputs(testbed.credentials(), more))
    expect(step).toMatchObject(
      oneError(/^check-push of de\.icr\.io\/team\/app failed\. Connection timed out\./),
    )
    // One attempt of the client and three of the check, of 45 seconds each, would take 180 seconds. The upper
    // bound allows for a slow machine.
    expect(job.starts).toHaveLength(2)
    expect(
      testbed.requests.filter(request => request.host === 'de.icr.io' && isUpload(request)),
    ).toHaveLength(3)
    expect(step.milliseconds).toBeGreaterThan(149_000)
    expect(step.milliseconds).toBeLessThan(175_000)
    expect(await job.end()).toMatchObject([{ exitCode: 0, annotations: [] }])
  },
  TIMEOUT_MS,
)

test.concurrent(
  'one attempt, 45 seconds: at a registry that never responds, no client process is left',
  async () => {
    const credentials = testbed.credentials()
    const job = testbed.newJob(LIMITS)
    faults.set('us.icr.io', () => 'hang')
    const step = await job.uses(inputs(credentials, { client: 'docker,buildah,podman,skopeo' }))
    expect(step).toMatchObject(
      oneError(/Connection timed out\. The connection goes through the proxy 127\.0\.0\.1/),
    )
    // Three attempts of 45 seconds fit into the step's limit of 150 seconds, and a fourth does not.
    expect(job.starts.length).toBeLessThanOrEqual(12)
    expect(processesNaming(credentials.profileId)).toEqual([])
    expect(await job.end()).toMatchObject([{ exitCode: 0, annotations: [] }])
  },
  TIMEOUT_MS,
)

test.concurrent(
  'a lock, 30 seconds, and a credential helper, 20 seconds: errors that name them, and nothing changes',
  async () => {
    const credentials = testbed.credentials()
    const { newJob, file, goOn, started } = await holder(credentials)
    const before = readFileSync(file, 'utf8')
    started.child.kill('SIGSTOP')
    const other = newJob()
    expect(await other.uses(inputs(credentials, { region: 'au-syd' }))).toMatchObject(
      oneError(/config\.json: Timed out after 30 s waiting for another icr-login step\./),
    )
    // There are no credentials of this step, so there is no warning.
    expect(await other.end()).toMatchObject([{ ...clean, log: expect.stringMatching(NOTHING_TO_LOG_OUT_OF) }])
    started.child.kill('SIGCONT')
    expect(await started.finished).toMatchObject(
      oneError(/docker-credential-waiting, .* failed to list: no response within 20 seconds\./),
    )
    expect(readFileSync(file, 'utf8')).toBe(before)
    goOn()
  },
  TIMEOUT_MS,
)

test.concurrent(
  'a lock, 30 seconds, for the post step: it removes the credentials without the lock',
  async () => {
    const credentials = testbed.credentials()
    let earlier: Job | undefined
    const { file, goOn, started } = await holder(credentials, job => {
      earlier = job
      return job.uses(inputs(credentials, { region: 'in-che' }))
    })
    expect(domainsIn(file)).toEqual(['in.icr.io'])
    started.child.kill('SIGSTOP')
    expect(await earlier?.end()).toMatchObject([clean])
    expect(domainsIn(file)).toEqual([])
    goOn()
    started.child.kill('SIGCONT')
    await started.finished
  },
  TIMEOUT_MS,
)

test.concurrent(
  'all calls of credential helpers together, 20 seconds: less than other steps wait for the lock',
  async () => {
    const credentials = testbed.credentials()
    const home = join(testbed.folder, 'home-of-slow')
    const file = join(home, '.docker/config.json')
    const before = put(file, { auths: {}, credHelpers: { 'es.icr.io': 'slow', 'ca.icr.io': 'slow' } })
    const [slow, other] = [testbed.newJob({ ...LIMITS, home }), testbed.newJob({ ...LIMITS, home })]
    const asked = join(slow.folder, 'asked')
    // Each call is within the limit, but not all of them together.
    const kept = addHelper(slow, 'slow', `touch ${asked}; sleep 12`)
    const { finished } = slow.start(inputs(credentials, { region: 'eu-es, ca-tor' }))
    await until(() => existsSync(asked))
    expect(await other.uses(inputs(credentials, { region: 'jp-tok' }))).toMatchObject(clean)
    expect(await finished).toMatchObject(
      oneError(/docker-credential-slow, .* failed to get: no response within 20 seconds/),
    )
    expect(readdirSync(kept)).toEqual([])
    expect(await other.end()).toMatchObject([clean])
    expect(readFileSync(file, 'utf8')).toBe(before)
  },
  TIMEOUT_MS,
)

test.concurrent(
  'if the lock’s holder is stopped for five seconds, no other step takes the lock',
  async () => {
    const credentials = testbed.credentials()
    const { newJob, file, goOn, started } = await holder(credentials)
    started.child.kill('SIGSTOP')
    let ended = 0
    const others = ['ca-tor', 'jp-tok', 'br-sao'].map(region =>
      newJob()
        .uses(inputs(credentials, { region }))
        .then(step => {
          ended++
          return step
        }),
    )
    await sleep(5_000)
    expect(ended).toBe(0)
    goOn()
    started.child.kill('SIGCONT')
    expect((await started.finished).exitCode).toBe(0)
    for (const step of await Promise.all(others)) expect(step.exitCode).toBe(0)
    expect(domainsIn(file)).toEqual(['br.icr.io', 'ca.icr.io', 'jp.icr.io'])
  },
  TIMEOUT_MS,
)

test.concurrent(
  'if the lock’s holder died, no other step waits for it',
  async () => {
    const credentials = testbed.credentials()
    const { newJob, job, file, goOn, started } = await holder(credentials)
    const other = newJob().uses(inputs(credentials, { region: 'au-syd' }))
    started.child.kill('SIGKILL')
    expect((await other).exitCode).toBe(0)
    goOn()
    expect(await job.end()).toMatchObject([clean])
    expect(domainsIn(file)).toEqual(['au.icr.io'])
    expect(readdirSync(dirname(file))).toEqual(['config.json'])
  },
  TIMEOUT_MS,
)

test.concurrent(
  'a pause as long as the date in retry-after requires',
  async () => {
    let asked = 0
    faults.set('uk.icr.io', request => {
      if (!isToken(request) || asked++ > 0) return undefined
      // A header has a resolution of one second, so this is between four and five seconds from now.
      const headers = { 'retry-after': new Date(Date.now() + 5_000).toUTCString() }
      return { status: 503, headers, body: 'later' }
    })
    const job = testbed.newJob(LIMITS)
    const file = join(job.temp, 'icr.json')
    const more = { region: 'eu-gb', client: 'none', 'credentials-file': file }
    const step = await job.uses(inputs(testbed.credentials(), more))
    expect(step).toMatchObject({ exitCode: 0, annotations: [] })
    const [first, second] = tokenRequests('uk.icr.io')
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThan(3_500)
  },
  TIMEOUT_MS,
)

test.concurrent(
  'IAM, five seconds: without a response, the explanation is shorter',
  async () => {
    faults.set('private.iam.cloud.ibm.com', () => 'hang')
    const credentials = { ...testbed.credentials(), apiKey: newApiKey() }
    const step = await testbed.newJob(LIMITS).uses(inputs(credentials, { region: 'private.jp.icr.io' }))
    expect(step).toMatchObject(oneError(/The registry refused the credentials, and IAM could not tell why\./))
    expect(step.milliseconds).toBeGreaterThan(4_900)
  },
  TIMEOUT_MS,
)
