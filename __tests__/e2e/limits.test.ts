// Each limit in its real time, all side by side: for the most part these tests only wait. In the other files the
// action's waits are skipped: skip-time.cjs.
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
/** What goes wrong at each host: each test has one of its own. */
const faults = new Map<string, (request: SeenRequest) => Fault | undefined>()
beforeAll(async () => {
  testbed = await startTestbed()
  testbed.fault(request => faults.get(request.host)?.(request))
})
afterAll(() => {
  testbed.tidy()
  return testbed.stop()
})

/** Far more than the longest test takes, because all begin at once. */
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
  /** The job of another step, on the same home. */
  newJob(): Job
  job: Job
  /** docker's file. */
  file: string
  /** Lets the helper go on. */
  goOn(): void
  started: ReturnType<Job['start']>
}

/** A step that holds the lock of docker's file for as long as it is not told to go on: its credential helper waits. */
async function holder(credentials: ReturnType<Testbed['credentials']>): Promise<Holder> {
  const shared = mkdtempSync(join(testbed.folder, 'shared-'))
  const [home, go, held] = ['home', 'go', 'held'].map(name => join(shared, name)) as [string, string, string]
  mkdirSync(home)
  const file = join(home, '.docker/config.json')
  put(file, { credHelpers: { 'es.icr.io': 'waiting' } })
  const newJob = () => testbed.newJob({ ...LIMITS, home })
  const job = newJob()
  addHelper(job, 'waiting', `touch ${held}; while [ -e ${shared} ] && [ ! -e ${go} ]; do sleep 0.1; done`)
  const started = job.start(inputs(credentials, { region: 'eu-es' }))
  await until(() => existsSync(held))
  return { newJob, job, file, goOn: () => writeFileSync(go, ''), started }
}

const clean = { exitCode: 0, annotations: [] }
const domainsIn = (file: string) => Object.keys(read(file).auths).sort()

// At most five at the same time: the longest first.

test.concurrent(
  'all logins and checks, 150 seconds: the last attempt gets what is left',
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
    // A client's attempt, and three of the check, of 45 seconds each would be 180. The rest is the machine's.
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
  'an attempt, 45 seconds: at a registry that never answers no client process is left',
  async () => {
    const credentials = testbed.credentials()
    const job = testbed.newJob(LIMITS)
    faults.set('us.icr.io', () => 'hang')
    const step = await job.uses(inputs(credentials, { client: 'docker,buildah,podman,skopeo' }))
    expect(step).toMatchObject(
      oneError(/Connection timed out\. The connection goes through the proxy 127\.0\.0\.1/),
    )
    // Three tries of 45 seconds fit into the step's budget of 150; a fourth does not.
    expect(job.starts.length).toBeLessThanOrEqual(12)
    expect(processesNaming(credentials.profileId)).toEqual([])
    expect(await job.end()).toMatchObject([{ exitCode: 0, annotations: [] }])
  },
  TIMEOUT_MS,
)

test.concurrent(
  'a lock, 30 seconds, and a credential helper, 20: errors that name them, nothing changed',
  async () => {
    const credentials = testbed.credentials()
    const { newJob, file, goOn, started } = await holder(credentials)
    const before = readFileSync(file, 'utf8')
    started.child.kill('SIGSTOP')
    const other = newJob()
    expect(await other.uses(inputs(credentials, { region: 'au-syd' }))).toMatchObject(
      oneError(/config\.json: Timed out after 30 s waiting for another icr-login step\./),
    )
    // Nothing of it is there, so nothing is said of it.
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
  'all calls of credential helpers, 20 seconds: less than other steps wait for the lock',
  async () => {
    const credentials = testbed.credentials()
    const home = join(testbed.folder, 'home-of-slow')
    const file = join(home, '.docker/config.json')
    const before = put(file, { auths: {}, credHelpers: { 'es.icr.io': 'slow', 'ca.icr.io': 'slow' } })
    const [slow, other] = [testbed.newJob({ ...LIMITS, home }), testbed.newJob({ ...LIMITS, home })]
    const asked = join(slow.folder, 'asked')
    // Each call is within what one call may take, and all of them are not.
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
  'a holder of the lock that is stopped for five seconds is not robbed',
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
  'a holder of the lock that died blocks nobody',
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
  'a pause, as long as the registry asks for by a date',
  async () => {
    let asked = 0
    faults.set('uk.icr.io', request => {
      if (!isToken(request) || asked++ > 0) return undefined
      // A header tells whole seconds: between four and five from now.
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
  'IAM, five seconds: without it the explanation is shorter',
  async () => {
    faults.set('private.iam.cloud.ibm.com', () => 'hang')
    const credentials = { ...testbed.credentials(), apiKey: newApiKey() }
    const step = await testbed.newJob(LIMITS).uses(inputs(credentials, { region: 'private.jp.icr.io' }))
    expect(step).toMatchObject(oneError(/The registry refused the credentials, and IAM could not tell why\./))
    expect(step.milliseconds).toBeGreaterThan(4_900)
  },
  TIMEOUT_MS,
)
