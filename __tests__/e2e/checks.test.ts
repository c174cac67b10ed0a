import { existsSync, readFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { filesWithSecret, holdsSecret } from '../testbed/find-secret.ts'
import { inputs } from '../testbed/helpers.ts'
import {
  type Credentials,
  type Fault,
  type SeenRequest,
  startTestbed,
  type Testbed,
} from '../testbed/index.ts'
import { laterSteps } from '../testbed/later-steps.ts'
import type { Job } from '../testbed/runner.ts'

let testbed: Testbed
let credentials: Credentials
let job: Job
beforeAll(async () => {
  testbed = await startTestbed()
})
afterAll(() => testbed.stop())
beforeEach(() => {
  credentials = testbed.credentials({ team: 'push', shelf: 'pull' })
  job = testbed.newJob({ skips: 'pauses' })
})
afterEach(() => testbed.tidy())

function step(more: Record<string, string>) {
  return job.uses(inputs(credentials, { client: 'skopeo', ...more }))
}

type Which = (request: SeenRequest) => boolean

/** The clients send a user agent. The checks, which are the action's own requests, do not. */
const isOwn: Which = ({ userAgent }) => userAgent === ''
const isChallenge: Which = seen => isOwn(seen) && seen.path === '/v2/'
const isToken: Which = seen => isOwn(seen) && seen.path === '/oauth/token'
const isStart: Which = ({ method, path }) => method === 'POST' && path.endsWith('/blobs/uploads/')
const isCancel: Which = ({ method }) => method === 'DELETE'
const isTags: Which = ({ path }) => path.endsWith('/tags/list')
const isManifest: Which = ({ path }) => path.includes('/manifests/')
const seenBy = (which: Which) => testbed.requests.filter(which)

/** Makes these requests fail, at most the given number of times. */
function fail(which: Which, fault: Fault, times = Number.POSITIVE_INFINITY) {
  let left = times
  testbed.fault(seen => (which(seen) && left-- > 0 ? fault : undefined))
}

/** An error response in the format of the registry. */
const refusal = (status: number, message: string, code = 'DENIED'): Fault => ({
  status,
  body: { errors: [{ code, message }] },
})

/** Sends a request directly to the registry software behind a domain, which needs no permissions. */
function behind(domain: string, path: string): Promise<{ status: number | undefined; body: string }> {
  const socketPath = join(testbed.folder, `registry-${domain}`, 'socket')
  return new Promise((resolve, reject) => {
    request({ socketPath, path }, response => {
      let body = ''
      response.on('data', chunk => {
        body += chunk
      })
      response.on('end', () => resolve({ status: response.statusCode, body }))
    })
      .on('error', reject)
      .end()
  })
}

const repositoriesOf = async (domain: string): Promise<string[]> =>
  JSON.parse((await behind(domain, '/v2/_catalog')).body).repositories
const stateOf = async ({ host, path, query }: SeenRequest) => (await behind(host, `${path}?${query}`)).status

function forbidden(access: 'push' | 'pull', namespace: string, domain = 'us.icr.io', region = 'us-south') {
  const [roles, role, direction] =
    access === 'push'
      ? ['Writer or Manager', 'Writer', 'to']
      : ['Reader, Writer or Manager', 'Reader', 'from']
  const { profileId } = credentials
  return (
    `check-${access} of ${domain}/${namespace}/app failed. The trusted profile ${profileId} is logged in, but is not allowed to ${access} ${direction} this repository. ` +
    `Either it lacks the role ${roles} on the namespace ${namespace}, or a context-based restriction blocks this runner. The activity log of the account shows which. To grant the role:\n` +
    `    ibmcloud iam trusted-profile-policy-create ${profileId} --roles ${role} --service-name container-registry --region ${region} --resource-type namespace --resource ${namespace}\n` +
    'If the namespace does not exist, create it (a push does not create namespaces):\n' +
    `    ibmcloud cr region-set ${region} && ibmcloud cr namespace-add ${namespace}\n` +
    `See https://github.com/OWNER/icr-login/blob/v1/docs/troubleshooting.md#check-${access}`
  )
}

const oneError = (message: unknown) => ({ exitCode: 1, annotations: [{ kind: 'error', message }] })

/** A failed check. The logins are kept until the post step, and are in the outputs. */
const failedCheck = (message: unknown, domains = ['us.icr.io']) => ({
  ...oneError(message),
  outputs: { registry: domains[0], registries: JSON.stringify(domains) },
})

describe('allowed', () => {
  test('to push: the check leaves nothing in the registry, and a push works', async () => {
    const later = laterSteps(job, 'skopeo')
    const login = await step({ 'check-push': 'team/app' })
    expect(login).toMatchObject({ exitCode: 0, annotations: [], outputs: { registry: 'us.icr.io' } })
    expect(login.log).toMatch(/^check-push of us\.icr\.io\/team\/app: allowed$/m)
    expect(holdsSecret(login.log, credentials)).toBe(false)

    expect(seenBy(isToken).map(({ query }) => query.get('scope'))).toEqual(['repository:team/app:pull,push'])
    expect(seenBy(isStart)).toMatchObject([{ host: 'us.icr.io', status: 202, credentials: 'bearer' }])
    const [cancelled] = seenBy(isCancel)
    expect(cancelled).toMatchObject({ host: 'us.icr.io', status: 204, credentials: 'bearer' })
    expect(await stateOf(cancelled as SeenRequest)).toBe(404)
    expect(await repositoriesOf('us.icr.io')).toEqual([])

    expect(await later.push('us.icr.io/team/app:1')).toMatchObject({ exitCode: 0 })
    expect(await repositoriesOf('us.icr.io')).toEqual(['team/app'])
  })

  test('to pull an existing repository, and one that does not exist yet', async () => {
    const first = await step({})
    expect(first.exitCode).toBe(0)
    expect(await laterSteps(job, 'skopeo').push('us.icr.io/team/there:1')).toMatchObject({ exitCode: 0 })
    testbed.requests.length = 0
    const login = await step({ 'check-pull': 'team/there, shelf/new' })
    expect(login).toMatchObject({ exitCode: 0, annotations: [] })
    expect(login.log).toMatch(/^check-pull of us\.icr\.io\/team\/there: allowed$/m)
    expect(login.log).toMatch(
      /^check-pull of us\.icr\.io\/shelf\/new: allowed \(the repository does not exist yet\)$/m,
    )
    expect(
      seenBy(isToken)
        .map(({ query }) => query.get('scope'))
        .sort(),
    ).toEqual(['repository:shelf/new:pull', 'repository:team/there:pull'])
    expect(await repositoriesOf('us.icr.io')).not.toContain('shelf/new')
  })

  test('to pull but not to list tags, as with the role Writer', async () => {
    fail(isTags, refusal(403, 'You are not authorized to access the specified resource'))
    const login = await step({ 'check-pull': 'team/app' })
    expect(login).toMatchObject({ exitCode: 0, annotations: [] })
    expect(login.log).toMatch(/^check-pull of us\.icr\.io\/team\/app: allowed/m)
    expect(seenBy(isManifest)).toHaveLength(1)
  })

  test('without a client, by the same requests', async () => {
    const login = await step({
      client: 'none',
      'credentials-file': join(job.temp, 'pair.json'),
      'check-push': 'team/app',
      'check-pull': 'team/app',
    })
    expect(login).toMatchObject({ exitCode: 0, annotations: [] })
    expect(job.starts).toEqual([])
  })

  test.each([405, 501])('but the upload cannot be canceled (%d): logged, but not an error', async status => {
    fail(isCancel, { status, body: 'unsupported' })
    const login = await step({ 'check-push': 'team/app' })
    expect(login).toMatchObject({ exitCode: 0, outputs: { registry: 'us.icr.io' } })
    expect(login.annotations.filter(({ kind }) => kind !== 'notice')).toEqual([])
    expect(login.log).toMatch(
      /check-push of us\.icr\.io\/team\/app: allowed \(the empty upload could not be canceled; the registry discards it later\)$/m,
    )
    // The upload still exists, so the test above would notice one that is left behind.
    expect(await stateOf(seenBy(isCancel)[0] as SeenRequest)).toBe(204)
  })
})

describe('not allowed', () => {
  afterEach(() => {
    // The login has just succeeded, so IAM is not asked for a diagnosis.
    expect(seenBy(({ path }) => path.startsWith('/identity/'))).toEqual([])
  })

  test('to push, only to pull: the step fails, and the post step logs out', async () => {
    const login = await step({ 'check-push': 'shelf/app', 'check-pull': 'shelf/app' })
    expect(login).toMatchObject(failedCheck(forbidden('push', 'shelf')))
    expect(login.log).toMatch(
      /^check-pull of us\.icr\.io\/shelf\/app: allowed \(the repository does not exist yet\)$/m,
    )
    expect(login.log).toMatch(
      /##\[group\]Client and registry output\n\| us\.icr\.io\/shelf\/app: HTTP 401: insufficient scope\n/,
    )
    expect(holdsSecret(login.log, credentials)).toBe(false)
    expect(seenBy(isStart)).toHaveLength(1)
    expect(seenBy(isCancel)).toEqual([])

    const store = join(job.runtime, 'containers/auth.json')
    expect(holdsSecret(readFileSync(store, 'utf8'), credentials)).toBe(true)
    expect(await job.end()).toMatchObject([{ exitCode: 0, annotations: [] }])
    expect(existsSync(store)).toBe(false)
    expect(filesWithSecret(job.folder, credentials)).toEqual([])
    expect((await laterSteps(job, 'skopeo').push('us.icr.io/team/gone:1')).exitCode).not.toBe(0)
  })

  const words = 'You are not authorized to access the specified resource'
  const insufficient: Fault = {
    ...(refusal(401, 'insufficient scope') as object),
    status: 401,
    headers: {
      'www-authenticate':
        'Bearer realm="https://us.icr.io/oauth/token", service="registry", scope="repository:team/app:pull,push", error="insufficient_scope"',
    },
  }
  test.each<[form: string, which: Which, fault: Fault]>([
    ['400 for the scope', isToken, refusal(400, words)],
    ['401 for the scope', isToken, refusal(401, words, 'UNAUTHORIZED')],
    ['403 for the scope', isToken, refusal(403, words)],
    ['401 insufficient_scope at the upload', isStart, insufficient],
    ['403 at the upload', isStart, refusal(403, words)],
    ['403 without a message at the upload', isStart, { status: 403 }],
    [
      '404, namespace unknown',
      isStart,
      refusal(404, 'repository name not known to registry', 'NAME_UNKNOWN'),
    ],
  ])('to push: %s', async (_, which, fault) => {
    fail(which, fault)
    expect(await step({ 'check-push': 'team/app' })).toMatchObject(failedCheck(forbidden('push', 'team')))
    // No retry.
    expect(seenBy(which)).toHaveLength(1)
    expect(seenBy(isCancel)).toEqual([])
  })

  test.each<[form: string, which: Which, fault: Fault]>([
    ['401 for the scope', isToken, refusal(401, words, 'UNAUTHORIZED')],
    ['403 for the scope', isToken, refusal(403, words)],
    ['403 for tags and manifests', seen => isTags(seen) || isManifest(seen), refusal(403, words)],
  ])('to pull: %s', async (_, which, fault) => {
    fail(which, fault)
    expect(await step({ 'check-pull': 'team/app' })).toMatchObject(failedCheck(forbidden('pull', 'team')))
  })

  test('to pull: 401 insufficient_scope', async () => {
    expect(await step({ 'check-pull': 'closed/app' })).toMatchObject(failedCheck(forbidden('pull', 'closed')))
  })

  test('several checks in several regions: one error with a paragraph for each', async () => {
    const login = await step({
      region: 'us-south, private.de.icr.io, jp-tok',
      'check-push': 'team/app\nshelf/app, jp.icr.io/closed/app',
      'check-pull': 'private.de.icr.io/closed/app, shelf/app',
    })
    const domains = ['us.icr.io', 'private.de.icr.io', 'jp.icr.io']
    expect(login).toMatchObject(failedCheck(expect.anything(), domains))
    expect(login.annotations[0]?.message.split('\n\n').sort()).toEqual(
      [
        forbidden('pull', 'closed', 'private.de.icr.io', 'eu-de'),
        forbidden('push', 'closed', 'jp.icr.io', 'jp-tok'),
        forbidden('push', 'shelf', 'jp.icr.io', 'jp-tok'),
        forbidden('push', 'shelf', 'private.de.icr.io', 'eu-de'),
        forbidden('push', 'shelf'),
      ].sort(),
    )
    for (const domain of domains) {
      expect(login.log).toMatch(new RegExp(`^check-push of ${domain}/team/app: allowed$`, 'm'))
      expect(login.log).toMatch(new RegExp(`^check-pull of ${domain}/shelf/app: allowed`, 'm'))
    }
    expect(
      seenBy(isCancel)
        .map(({ host, status }) => [host, status])
        .sort(),
    ).toEqual(domains.map(domain => [domain, 204]).sort())
    expect(await job.end()).toMatchObject([{ exitCode: 0, annotations: [] }])
    expect(filesWithSecret(job.folder, credentials)).toEqual([])
  })

  test('workflow commands in the registry’s messages are not executed', async () => {
    fail(isStart, refusal(403, 'no\n::warning::not ours\n::save-state name=work-folder::/elsewhere'))
    const login = await step({ 'check-push': 'team/app' })
    expect(login).toMatchObject(failedCheck(forbidden('push', 'team')))
    expect(login.raw).not.toMatch(/^::save-state /m)
  })

  test('because of a quota: the error says so', async () => {
    fail(isStart, refusal(403, 'Your account has exceeded its image storage quota'))
    const login = await step({ 'check-push': 'team/app' })
    expect(login).toMatchObject(
      failedCheck(
        expect.stringMatching(
          /^check-push of us\.icr\.io\/team\/app failed\. The account has exceeded its quota in this region/,
        ),
      ),
    )
  })
})

test.each([
  [
    'check-push',
    'uk.icr.io/team/app',
    /^check-push: "uk\.icr\.io\/team\/app" is on a registry domain that this step does not log in to \(us\.icr\.io\)\./,
  ],
  [
    'check-pull',
    'private.us.icr.io/team/app',
    /^check-pull: .* is on a registry domain that this step does not log in to/,
  ],
  ['check-push', 'team/app:latest', /^check-push: "team\/app:latest" is not a repository\. Accepted: /],
  ['check-pull', 'team/app, Team/app', /^check-pull: "Team\/app" is not a repository/],
  [
    'check-push',
    '../app',
    /^check-push: "\.\.\/app" is on a registry domain that this step does not log in to/,
  ],
  ['check-push', 'tea/app', /^check-push: "tea\/app" is not a repository/],
  ['check-push', 'app', /^check-push: "app" is not a repository/],
])('%s: %j is refused before any request or client', async (input, value, says) => {
  const refused = await step({ [input]: value })
  expect(refused).toMatchObject(oneError(expect.stringMatching(says)))
  expect(refused.outputs).toEqual({})
  expect(testbed.requests).toEqual([])
  expect(testbed.proxy.connections.size).toBe(0)
  expect(job.starts).toEqual([])
})

describe('a registry that redirects elsewhere', () => {
  /** All hosts to which requests were sent, including hosts that do not exist. */
  const hosts = () => [...testbed.proxy.connections.keys()].map(target => target.replace(/:\d+$/, ''))
  const places = [
    ['https://evil.example/x', 'https://evil.example'],
    ['//evil.example/x', 'https://evil.example'],
    ['https://us.icr.io@evil.example/x', 'https://evil.example'],
    ['https://us.icr.io.evil.example/x', 'https://us.icr.io.evil.example'],
    ['http://us.icr.io/x', 'http://us.icr.io'],
    // The stand-in would respond here, and record what was sent.
    ['https://iam.cloud.ibm.com/x', 'https://iam.cloud.ibm.com'],
  ] as const

  function expectNothingSent(login: { annotations: unknown; exitCode: unknown }, origin: string) {
    expect(login).toMatchObject(
      failedCheck(
        expect.stringContaining(
          `check-push of us.icr.io/team/app failed. The registry redirects to ${origin}, which is not part of IBM Cloud Container Registry, so the credentials were not sent there.`,
        ),
      ),
    )
    expect(new Set(hosts())).toEqual(new Set(['us.icr.io']))
    expect(seenBy(({ host }) => host !== 'us.icr.io')).toEqual([])
    expect(seenBy(({ path }) => path === '/x')).toEqual([])
  }

  test.each(places)('for a token: %s', async (realm, origin) => {
    fail(isChallenge, {
      status: 401,
      headers: { 'www-authenticate': `Bearer realm="${realm}",service="registry"` },
    })
    expectNothingSent(await step({ 'check-push': 'team/app' }), origin)
    // The action itself sent neither the API key nor a token.
    expect(seenBy(isOwn)).toMatchObject([{ path: '/v2/', credentials: 'none' }])
  })

  test.each(places)('for the upload: %s', async (location, origin) => {
    fail(isStart, { status: 202, headers: { location } })
    expectNothingSent(await step({ 'check-push': 'team/app' }), origin)
    expect(seenBy(isCancel)).toEqual([])
  })

  test('for a token, but within ICR: followed, even with whitespace and without quotes', async () => {
    fail(isChallenge, {
      status: 401,
      headers: { 'www-authenticate': 'Bearer realm=https://de.icr.io/oauth/token , service=registry' },
    })
    const login = await step({ 'check-push': 'team/app' })
    // The stand-in's tokens are valid only for the registry that issued them.
    expect(login).toMatchObject(failedCheck(forbidden('push', 'team')))
    expect(seenBy(isToken)).toMatchObject([{ host: 'de.icr.io', status: 200, credentials: 'basic' }])
  })

  test('for the upload, by path only: canceled there', async () => {
    fail(isStart, { status: 202, headers: { location: '/v2/team/app/blobs/uploads/mine?_state=1' } })
    await step({ 'check-push': 'team/app' })
    expect(seenBy(isCancel).map(({ host, path, query }) => `${host}${path}?${query}`)).toEqual([
      'us.icr.io/v2/team/app/blobs/uploads/mine?_state=1',
    ])
  })
})

test('a proxy without a scheme is an HTTP proxy, as for the clients', async () => {
  job.env.HTTPS_PROXY = testbed.proxy.url.replace('http://', '')
  const file = join(job.temp, 'icr.json')
  expect(await step({ client: 'none', 'credentials-file': file, 'check-pull': 'team/app' })).toMatchObject({
    exitCode: 0,
    annotations: [],
  })
})

describe('a registry that fails', () => {
  const EACH: [string, Which][] = [
    ['challenge', isChallenge],
    ['token', isToken],
    ['upload', isStart],
  ]

  test.each<[string, Fault]>([
    ['responds with 404', { status: 404, body: 'Not found' }],
    ['requires no login', { status: 200, body: {} }],
    ['sends an incomplete challenge', { status: 401, headers: { 'www-authenticate': 'Bearer' } }],
  ])('a server that %s is not a registry, which is not a missing policy', async (_, fault) => {
    fail(isChallenge, fault)
    expect(await step({ 'check-push': 'team/app' })).toMatchObject(
      failedCheck(
        expect.stringMatching(
          /^check-push of us\.icr\.io\/team\/app failed\. The server at us\.icr\.io is not a registry .*#no-challenge$/s,
        ),
      ),
    )
    expect(seenBy(isToken)).toEqual([])
  })

  test.each(EACH)('once, at the %s: retried', async (_, which) => {
    fail(which, { status: 503, body: 'passing' }, 1)
    const login = await step({ 'check-push': 'team/app' })
    expect(login).toMatchObject({ exitCode: 0, annotations: [] })
    expect(login.log).toMatch(
      /^check-push of us\.icr\.io\/team\/app failed: HTTP 503: passing\. Retrying in \d\.\d s \(attempt 2 of 3\)\.$/m,
    )
    expect(login.log).toMatch(/^check-push of us\.icr\.io\/team\/app: allowed$/m)
    expect(seenBy(which)).toHaveLength(2)
  })

  test.each<[string, Fault]>([
    ['429', refusal(429, 'slow down', 'TOOMANYREQUESTS')],
    ['a connection reset', 'reset'],
  ])('once, by %s: retried', async (_, fault) => {
    fail(isTags, fault, 1)
    expect(await step({ 'check-pull': 'team/app' })).toMatchObject({ exitCode: 0, annotations: [] })
    expect(seenBy(isTags)).toHaveLength(2)
  })

  test.each(EACH)(
    'permanently, at the %s: the error blames neither the API key nor the profile',
    async (_, which) => {
      fail(which, { status: 503, body: 'down' })
      expect(await step({ 'check-push': 'team/app' })).toMatchObject(
        failedCheck(
          expect.stringMatching(
            /^check-push of us\.icr\.io\/team\/app failed\. Registry server error \(5xx\)\. The API key and the trusted profile are probably fine\. .*#unavailable$/s,
          ),
        ),
      )
      expect(seenBy(which)).toHaveLength(3)
      expect(await job.end()).toMatchObject([{ exitCode: 0, annotations: [] }])
      expect(filesWithSecret(job.folder, credentials)).toEqual([])
    },
  )

  test('with an unknown status: reported, but not as a failed login', async () => {
    fail(isStart, { status: 418, body: 'short and stout' })
    const login = await step({ 'check-push': 'team/app' })
    expect(login).toMatchObject(
      failedCheck(
        expect.stringMatching(/^check-push of us\.icr\.io\/team\/app failed\. .*HTTP 418: short and stout/),
      ),
    )
    expect(login.annotations[0]?.message).not.toContain('The login failed')
  })

  test('with an upload without a location: nothing is canceled', async () => {
    fail(isStart, { status: 202 })
    await step({ 'check-push': 'team/app' })
    expect(seenBy(isCancel)).toEqual([])
  })

  test('only when the upload is canceled: allowed', async () => {
    fail(isCancel, 'reset')
    const login = await step({ 'check-push': 'team/app' })
    expect(login.exitCode).toBe(0)
    expect(login.log).toContain('allowed (the empty upload could not be canceled')
  })

  test('by hanging: one upload and one cancellation are aborted, each by its own time limit', async () => {
    job = testbed.newJob({ skips: 'pauses and limits' })
    const hung = new Set<string>()
    testbed.fault(seen => {
      const isTheOne =
        (isStart(seen) && seen.path.includes('/slow/')) || (isCancel(seen) && seen.path.includes('/stuck/'))
      const name = seen.path.split('/')[3] ?? ''
      if (!isTheOne || hung.has(name)) return undefined
      hung.add(name)
      return 'hang'
    })
    const login = await step({ 'check-push': 'team/slow, team/stuck' })
    expect(hung).toEqual(new Set(['slow', 'stuck']))
    expect(login).toMatchObject({ exitCode: 0, outputs: { registry: 'us.icr.io' } })
    expect(login.log).toMatch(
      /^check-push of us\.icr\.io\/team\/slow failed: connection timed out\. Retrying/m,
    )
    expect(login.log).toMatch(/^check-push of us\.icr\.io\/team\/slow: allowed$/m)
    expect(login.log).toContain(
      'check-push of us.icr.io/team/stuck: allowed (the empty upload could not be canceled',
    )
  })

  test('with a certificate of an authority that Node does not trust', async () => {
    job.env.NODE_EXTRA_CA_CERTS = ''
    expect(await step({ 'check-push': 'team/app' })).toMatchObject(
      failedCheck(
        expect.stringMatching(
          /TLS certificate of the server is not trusted on this machine \(unable to .*\)\. .*NODE_EXTRA_CA_CERTS/,
        ),
      ),
    )
    expect(seenBy(isOwn)).toEqual([])
  })
})
