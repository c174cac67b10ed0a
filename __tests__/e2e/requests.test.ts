import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { newApiKey } from '../testbed/cloud.ts'
import { inputs } from '../testbed/helpers.ts'
import {
  type Credentials,
  type Fault,
  type SeenRequest,
  startTestbed,
  type Testbed,
} from '../testbed/index.ts'
import type { Job, StepResult } from '../testbed/runner.ts'

let testbed: Testbed
let credentials: Credentials
let job: Job
let file: string
beforeAll(async () => {
  testbed = await startTestbed()
})
afterAll(() => testbed.stop())
beforeEach(() => {
  credentials = testbed.credentials()
  job = testbed.newJob({ skips: 'pauses' })
  file = join(job.temp, 'icr.json')
})
afterEach(() => testbed.tidy())

/** Runs a step without a client, so that all requests are the action's own. */
function withoutClient(more: Record<string, string> = {}): Promise<StepResult> {
  return job.uses(inputs(credentials, { client: 'none', 'credentials-file': file, ...more }))
}

type Which = (request: SeenRequest) => boolean

const isChallenge: Which = ({ path, credentials }) => path === '/v2/' && credentials === 'none'
const isProof: Which = ({ path, credentials }) => path === '/v2/' && credentials === 'bearer'
const isToken: Which = ({ path }) => path === '/oauth/token'
const isUpload: Which = ({ method, path }) => method === 'POST' && path.endsWith('/uploads/')
const isCancel: Which = ({ method }) => method === 'DELETE'
const isTags: Which = ({ path }) => path.endsWith('/tags/list')
const isManifest: Which = ({ path }) => path.includes('/manifests/')
const isIam: Which = ({ path }) => path === '/identity/token'
const isProfiles: Which = ({ path }) => path === '/identity/profiles'

/** Makes these requests fail. */
const fail = (which: Which, fault: Fault) => testbed.fault(seen => (which(seen) ? fault : undefined))

describe('redirects are not followed', () => {
  const PUSH = { 'check-push': 'team/app' }
  const PULL = { 'check-pull': 'team/app' }
  const REQUESTS: [name: string, which: Which, more: Record<string, string>][] = [
    ['the challenge', isChallenge, {}],
    ['the token', isToken, {}],
    ['the proof of the login', isProof, {}],
    ['the upload', isUpload, PUSH],
    ['the tags', isTags, PULL],
  ]
  // 302 turns a POST into a GET, 307 keeps the method and the body.
  const rows = REQUESTS.flatMap(([name, which, more]) =>
    [302, 307].map(status => ({ name, which, more, status })),
  )
  // Hosts that a check of the address would allow, and that would record the request.
  const PLACES = ['https://us.icr.io/elsewhere', 'https://iam.cloud.ibm.com/elsewhere', '/elsewhere']
  const elsewhere = () => testbed.requests.filter(({ path }) => path === '/elsewhere')

  test.each(rows)('$name, with $status: a failure', async ({ which, more, status }) => {
    for (const location of PLACES) {
      testbed.requests.length = 0
      fail(which, { status, headers: { location } })
      expect(await withoutClient(more)).toMatchObject({ exitCode: 1, annotations: [{ kind: 'error' }] })
      expect(testbed.requests.filter(which)).toHaveLength(1)
      expect(elsewhere()).toEqual([])
    }
  })

  test('the manifest, requested if tags cannot be listed: a failure', async () => {
    const headers = { location: '/elsewhere' }
    testbed.fault(seen =>
      isTags(seen) ? { status: 403 } : isManifest(seen) ? { status: 307, headers } : undefined,
    )
    expect(await withoutClient(PULL)).toMatchObject({ exitCode: 1, annotations: [{ kind: 'error' }] })
    expect(testbed.requests.filter(isManifest)).toHaveLength(1)
    expect(elsewhere()).toEqual([])
  })

  test('canceling the upload: logged, but not an error', async () => {
    fail(isCancel, { status: 307, headers: { location: '/elsewhere' } })
    const step = await withoutClient(PUSH)
    expect(step.exitCode).toBe(0)
    expect(step.log).toContain('allowed (the empty upload could not be canceled')
    expect(elsewhere()).toEqual([])
  })

  test.each([
    ['its token', isIam],
    ['its profiles', isProfiles],
  ])('IAM, for %s: IAM could not tell the reason', async (_name, which) => {
    credentials = { ...credentials, apiKey: testbed.cloud.serviceId().apiKey }
    fail(which, { status: 307, headers: { location: 'https://us.icr.io/elsewhere' } })
    const step = await withoutClient()
    expect(step.annotations).toEqual([
      { kind: 'error', message: expect.stringMatching(/IAM could not tell/) },
    ])
    expect(testbed.requests.filter(which)).toHaveLength(1)
    expect(elsewhere()).toEqual([])
  })
})

describe('a 200 without a token is a failure, and its content is not shown', () => {
  const BODIES: [what: string, body: string | object][] = [
    ['no known field', { refresh: 'not-for-the-log' }],
    ['a token that is not a string', { token: 17, note: 'not-for-the-log' }],
    ['an empty token', { token: '', note: 'not-for-the-log' }],
    ['not JSON', 'not-for-the-log'],
    ['an error', { errors: [{ message: 'not-for-the-log' }] }],
  ]

  function expectNotTold(step: StepResult, message: unknown): void {
    expect(step.annotations).toEqual([{ kind: 'error', message }])
    expect(step.raw).not.toContain('not-for-the-log')
    for (const folder of readdirSync(job.folder).filter(name => name.startsWith('step-'))) {
      expect(readFileSync(join(job.folder, folder, 'summary'), 'utf8')).not.toContain('not-for-the-log')
    }
  }

  test.each(BODIES)('for a login: %s', async (_what, body) => {
    fail(isToken, { status: 200, body })
    expectNotTold(
      await withoutClient(),
      expect.stringMatching(/is not a registry \(The token endpoint returned no token \(HTTP 200\)\)/),
    )
    expect(existsSync(file)).toBe(false)
  })

  test.each(BODIES)('for a check: %s', async (_what, body) => {
    fail(seen => isToken(seen) && seen.query.has('scope'), { status: 200, body })
    expectNotTold(
      await withoutClient({ 'check-pull': 'team/app' }),
      expect.stringMatching(
        /^check-pull of us\.icr\.io\/team\/app failed\. .* returned no token \(HTTP 200\).*\nSee/,
      ),
    )
    expect(await job.end()).toMatchObject([{ exitCode: 0, annotations: [] }])
    expect(existsSync(file)).toBe(false)
  })

  test.each(BODIES)('of IAM: %s', async (_what, body) => {
    credentials = { ...credentials, apiKey: newApiKey() }
    fail(isIam, { status: 200, body })
    expectNotTold(await withoutClient(), expect.stringContaining('IAM could not tell why.'))
  })
})

describe('a login with a client makes no requests of its own', () => {
  /** The user agents of the clients. The action sends none. */
  const AGENTS = {
    docker: /^docker/i,
    buildah: /^buildah\//i,
    podman: /containers|podman/i,
    skopeo: /^skopeo\//i,
  }

  test.each(Object.entries(AGENTS))('%s', async (client, agent) => {
    expect(await job.uses(inputs(credentials, { client }))).toMatchObject({ exitCode: 0, annotations: [] })
    expect(testbed.requests.filter(isToken)).not.toEqual([])
    expect(testbed.requests.filter(({ userAgent }) => !agent.test(userAgent))).toEqual([])
    expect([...testbed.proxy.connections.keys()]).toEqual(['us.icr.io'])
    expect(await job.end()).toMatchObject([{ exitCode: 0, annotations: [] }])
    expect(testbed.requests.filter(({ userAgent }) => !agent.test(userAgent))).toEqual([])
  })
})

describe('a URL with a port is refused, even with ICR’s own host', () => {
  const refused = {
    kind: 'error',
    message: expect.stringContaining('The registry redirects to https://us.icr.io:8443,'),
  }

  afterEach(() => {
    // A connection to another port would be counted separately.
    expect(testbed.proxy.connections).toEqual(new Map([['us.icr.io', 1]]))
  })

  test('for a token', async () => {
    const headers = { 'www-authenticate': 'Bearer realm="https://us.icr.io:8443/x",service="registry"' }
    fail(isChallenge, { status: 401, headers })
    expect(await withoutClient()).toMatchObject({ exitCode: 1, annotations: [refused] })
    expect(testbed.requests).toMatchObject([{ path: '/v2/', credentials: 'none' }])
  })

  test('for the upload', async () => {
    fail(isUpload, { status: 202, headers: { location: 'https://us.icr.io:8443/x' } })
    expect(await withoutClient({ 'check-push': 'team/app' })).toMatchObject({
      exitCode: 1,
      annotations: [refused],
    })
    expect(testbed.requests.filter(isCancel)).toEqual([])
  })
})

test('the default port of HTTPS is accepted', async () => {
  const location = 'https://us.icr.io:443/v2/team/app/blobs/uploads/mine'
  const realm = 'https://us.icr.io:443/oauth/token'
  testbed.fault(seen => {
    if (isChallenge(seen))
      return { status: 401, headers: { 'www-authenticate': `Bearer realm="${realm}",service="registry"` } }
    return isUpload(seen) ? { status: 202, headers: { location } } : undefined
  })
  expect(await withoutClient({ 'check-push': 'team/app' })).toMatchObject({ exitCode: 0, annotations: [] })
  expect(testbed.requests.filter(isCancel)).toMatchObject([{ path: '/v2/team/app/blobs/uploads/mine' }])
})

describe('connections are reused within a step', () => {
  const REGIONS = { region: 'us-south, eu-de, jp-tok' }
  const each = (connections: number) =>
    new Map(['us.icr.io', 'de.icr.io', 'jp.icr.io'].map(domain => [domain, connections]))
  const mayList: Fault = { status: 403 }

  test.each([
    ['a login', {}, 3, 1],
    ['a push check', { 'check-push': 'team/app' }, 3 + 4, 1],
    ['a pull check', { 'check-pull': 'team/app' }, 3 + 3, 1],
    ['a pull check that may not list', { 'check-pull': 'team/listed' }, 3 + 4, 1],
    ['both checks, side by side', { 'check-push': 'team/app', 'check-pull': 'team/app' }, 3 + 4 + 3, 2],
  ])('%s, in three regions', async (_what, checks, requests, connections) => {
    testbed.fault(seen => (isTags(seen) && seen.path.includes('/listed/') ? mayList : undefined))
    expect(await withoutClient({ ...REGIONS, ...checks })).toMatchObject({ exitCode: 0, annotations: [] })
    expect(testbed.requests).toHaveLength(3 * requests)
    expect(testbed.proxy.connections).toEqual(each(connections))
  })

  test('to IAM too', async () => {
    const more = { 'auth-method': 'access-token' }
    expect(await withoutClient(more)).toMatchObject({ exitCode: 0 })
    expect(testbed.requests.filter(isIam)).toHaveLength(2)
    expect(testbed.proxy.connections.get('iam.cloud.ibm.com')).toBe(1)
  })
})

describe('a connection that is closed in the middle of a response: another attempt', () => {
  const CHECKS = { 'auth-method': 'access-token', 'check-push': 'team/app', 'check-pull': 'team/app' }
  test.each([
    ['IAM', isIam],
    ['the challenge', isChallenge],
    ['the token', isToken],
    ['the proof of the login', isProof],
    ['the upload', isUpload],
    ['the tags', isTags],
  ])('%s', async (_what, which) => {
    let left = 1
    testbed.fault(seen => (which(seen) && left-- > 0 ? 'cut' : undefined))
    const step = await withoutClient(CHECKS)
    expect(step).toMatchObject({ exitCode: 0, annotations: [{ kind: 'warning' }] })
    expect(step.log.match(/ failed: aborted\. Retrying in .* \(attempt 2 of 3\)\.$/gm)).toHaveLength(1)
  })
})

describe('a reused connection that is reset', () => {
  const CHECKS = { 'auth-method': 'access-token', 'check-push': 'team/app', 'check-pull': 'team/listed' }
  const RETRYING = /Retrying/
  let cuts: number
  let left: number

  /** Resets connections that have already had a response, and no new ones. */
  function cut(which: Which, times: number) {
    cuts = 0
    left = times
    testbed.fault(seen => {
      const isKept = testbed.requests.some(
        ({ connection, status }) => connection === seen.connection && status,
      )
      if (which(seen) && isKept && left-- > 0) {
        cuts++
        return 'reset'
      }
      return isTags(seen) ? { status: 403 } : undefined
    })
  }

  test.each([
    ['IAM', isIam],
    ['the token', isToken],
    ['the proof of the login', isProof],
    ['the upload', isUpload],
    ['the cancellation', isCancel],
    ['the tags', isTags],
    ['the manifest', isManifest],
  ])('for %s: sent again immediately on a new connection', async (_what, which) => {
    cut(which, 1)
    const step = await withoutClient(CHECKS)
    expect(step).toMatchObject({ exitCode: 0, annotations: [{ kind: 'warning' }] })
    expect(step.log).not.toMatch(RETRYING)
    expect(step.log).toContain('check-push of us.icr.io/team/app: allowed\n')
    expect(cuts).toBe(1)
  })

  test('for every request: each is sent again', async () => {
    cut(() => true, Number.POSITIVE_INFINITY)
    const step = await withoutClient(CHECKS)
    expect(step).toMatchObject({ exitCode: 0, annotations: [{ kind: 'warning' }] })
    expect(step.log).not.toMatch(RETRYING)
    expect(cuts).toBeGreaterThan(5)
  })

  test('if new connections are reset too: two requests per attempt', async () => {
    fail(isTags, 'reset')
    const step = await withoutClient({ 'check-pull': 'team/app' })
    expect(step.annotations).toEqual([
      { kind: 'error', message: expect.stringContaining('The connection was refused or reset.') },
    ])
    const connections = testbed.requests.filter(isTags).map(({ connection }) => connection)
    expect(connections).toHaveLength(2 * 3)
    expect(new Set(connections).size).toBe(connections.length)
  })
})
