import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { CLIENT_NAMES, type ClientName } from '../../src/clients/table.ts'
import { newApiKey } from '../testbed/cloud.ts'
import { filesWithSecret, holdsSecret } from '../testbed/find-secret.ts'
import { inputs, put, read, somebody } from '../testbed/helpers.ts'
import { type Credentials, startTestbed, type Testbed } from '../testbed/index.ts'
import { laterSteps } from '../testbed/later-steps.ts'
import type { Job } from '../testbed/runner.ts'

let testbed: Testbed
let credentials: Credentials
let job: Job
beforeAll(async () => {
  testbed = await startTestbed({ daemon: true })
})
afterAll(() => testbed.stop())
beforeEach(() => {
  credentials = testbed.credentials()
  testbed.cloud.tokens.clear()
  testbed.cloud.tokenLifetime = 3600
  testbed.requests.length = 0
  job = testbed.newJob({ debug: true, skips: 'pauses' })
})
afterEach(() => {
  testbed.fault()
  testbed.tidy()
})

const login = (more: Record<string, string> = {}, env: Record<string, string> = {}) =>
  job.uses(inputs(credentials, { 'auth-method': 'access-token', ...more }), env)
const requestsTo = (path: string) => testbed.requests.filter(request => request.path === path)
const onlyError = (message: unknown) => [{ kind: 'error', message }]
const config = () => join(job.home, '.docker/config.json')
/** The credentials of a token, in the format of an API key's. */
const pairOf = (token: string) => ({ profileId: 'iambearer', apiKey: token })
const tokensOf = (id: string) =>
  [...testbed.cloud.tokens].filter(([, of]) => of === id).map(([token]) => token)
const entryOf = (token: string) => ({ auth: Buffer.from(`iambearer:${token}`).toString('base64') })

describe.each(CLIENT_NAMES)('%s', (client: ClientName) => {
  test('pushes and pulls with a token of the profile; the API key is only in the request to IAM', async () => {
    const step = await login({ client }, { SOMEBODYS_KEY: credentials.apiKey })
    expect(step).toMatchObject({ exitCode: 0, annotations: [] })
    expect(step.log).toContain(`Logged in to us.icr.io as ${credentials.profileId} with`)
    const [token = ''] = tokensOf(credentials.profileId)
    const later = laterSteps(job, client)
    expect(await later.push('us.icr.io/team/token:1')).toMatchObject({ exitCode: 0 })
    expect(await later.pull('us.icr.io/team/token:1')).toMatchObject({ exitCode: 0 })

    expect(filesWithSecret(job.folder, credentials)).toEqual([])
    expect(filesWithSecret(job.folder, pairOf(token))).toHaveLength(1)
    for (const start of job.starts) {
      expect(holdsSecret(start.args.join(' '), credentials)).toBe(false)
      expect(holdsSecret(start.args.join(' '), pairOf(token))).toBe(false)
    }
    const { env = '' } = job.starts.find(({ args }) => args[0] === 'login') ?? {}
    expect(env).not.toBe('')
    expect(holdsSecret(env, credentials) || holdsSecret(env, pairOf(token))).toBe(false)
    expect(
      testbed.requests.filter(({ credentials }) => credentials === 'body').map(({ path }) => path),
    ).toEqual(['/identity/token', '/identity/token'])

    expect(await job.end()).toMatchObject([{ exitCode: 0, annotations: [] }])
    expect(filesWithSecret(job.folder, pairOf(token))).toEqual([])
    expect((await later.pull('us.icr.io/team/token:1')).exitCode).not.toBe(0)
  })
})

test('every token, and its form in credential files, is masked before any other output', async () => {
  const step = await login()
  const lines = step.raw.split('\n')
  const masks = new Set(lines.filter(line => line.startsWith('::add-mask::')).map(line => line.slice(12)))
  const [own = '', ofProfile = ''] = [tokensOf(credentials.serviceId)[0], tokensOf(credentials.profileId)[0]]
  for (const token of [own, ofProfile]) {
    expect(masks).toContain(token)
    expect(masks).toContain(entryOf(token).auth)
  }
  // The masks are the first output.
  const last = lines.findLastIndex(line => line.startsWith('::add-mask::'))
  expect(lines.slice(0, last).filter(line => !line.startsWith('::add-mask::'))).toEqual([])
  expect(JSON.stringify([step.outputs, step.exported, step.state])).not.toContain(ofProfile)
})

test('one exchange per step, for any number of clients and regions; the output and the log show the expiration', async () => {
  const before = Date.now()
  const step = await login({ region: 'us-south, eu-de', client: 'docker, skopeo', 'check-push': 'team/app' })
  expect(step).toMatchObject({ exitCode: 0, annotations: [] })
  expect(requestsTo('/identity/token')).toHaveLength(2)
  expect(requestsTo('/identity/token').map(({ host }) => host)).toEqual([
    'iam.cloud.ibm.com',
    'iam.cloud.ibm.com',
  ])
  const end = Date.parse(step.outputs['expires-at'] ?? '')
  expect(step.outputs['expires-at']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
  expect(end - before).toBeGreaterThan(3_590_000)
  expect(end - before).toBeLessThan(3_700_000)
  expect(step.log).toContain(`expires at ${step.outputs['expires-at']}, in `)
})

test('a new token that has expired by the clock of this machine: the log names the clock', async () => {
  testbed.cloud.tokenLifetime = -3600
  const step = await login()
  expect(step).toMatchObject({ exitCode: 0, annotations: [] })
  expect(step.log).toContain(
    `It expires at ${step.outputs['expires-at']}, which is past by the clock of this machine: check it\n`,
  )
})

test('with a private domain, the request goes to IAM’s private host', async () => {
  expect(await login({ region: 'us-south, private.de.icr.io' })).toMatchObject({ exitCode: 0 })
  expect(new Set(requestsTo('/identity/token').map(({ host }) => host))).toEqual(
    new Set(['private.iam.cloud.ibm.com']),
  )
})

test('with api-key there is no expiration and no request to IAM', async () => {
  const step = await login({ 'auth-method': 'api-key' })
  expect(step.outputs).not.toHaveProperty('expires-at')
  expect(requestsTo('/identity/token')).toEqual([])
})

test('a credentials file expires with the token: a warning says so', async () => {
  const file = join(job.temp, 'icr.json')
  const step = await login({ client: 'none', 'credentials-file': file })
  expect(step).toMatchObject({
    exitCode: 0,
    annotations: [{ kind: 'warning', message: expect.stringContaining('expires with that token') }],
  })
  const [token = ''] = tokensOf(credentials.profileId)
  expect(read(file)).toEqual({ auths: { 'us.icr.io': entryOf(token) } })
})

describe('IAM', () => {
  test.each([
    ['503', { status: 503, body: 'down' }],
    ['429', { status: 429, headers: { 'retry-after': '1' }, body: 'slow down' }],
    ['a reset', 'reset' as const],
  ])('that fails once (%s): the request is retried', async (_what, fault) => {
    let left = 1
    testbed.fault(({ path }) => (path === '/identity/token' && left-- > 0 ? fault : undefined))
    expect(await login()).toMatchObject({ exitCode: 0, annotations: [] })
    expect(requestsTo('/identity/token')).toHaveLength(3)
  })

  test('that responds with 201: its token is used, and not shown', async () => {
    const token = testbed.cloud.token(credentials.profileId)
    let asked = 0
    testbed.fault(({ path }) =>
      path === '/identity/token' && ++asked === 2 ? { status: 201, body: token } : undefined,
    )
    const step = await login()
    expect(step).toMatchObject({ exitCode: 0, annotations: [] })
    const shown = step.raw.split('\n').filter(line => !line.startsWith('::add-mask::'))
    expect(shown.join('\n')).not.toContain(token.access_token.slice(0, 50))
    expect(read(config()).auths).toEqual({ 'us.icr.io': entryOf(token.access_token) })
  })

  test('that is unavailable: an error after three attempts, and nothing is stored', async () => {
    testbed.fault(({ path }) => (path === '/identity/token' ? { status: 503, body: 'down' } : undefined))
    const step = await login()
    expect(step.annotations).toEqual(
      onlyError(
        expect.stringMatching(
          /^Could not get an access token for the trusted profile Profile-.*\. IBM Cloud IAM did not respond as expected \(HTTP 503: down\)[\s\S]*#iam-unreachable$/,
        ),
      ),
    )
    expect(requestsTo('/identity/token')).toHaveLength(3)
    expect(job.starts).toEqual([])
    expect(existsSync(config())).toBe(false)
    expect(step.outputs).toEqual({})
  })

  test('whose certificate Node does not trust: the error says how to trust it', async () => {
    const step = await login({}, { NODE_EXTRA_CA_CERTS: '' })
    expect(step.annotations).toEqual(
      onlyError(
        expect.stringMatching(
          /^Could not get an access token .* not trusted on this machine \(unable to .*NODE_EXTRA_CA_CERTS[\s\S]*#certificate$/,
        ),
      ),
    )
    expect(testbed.requests).toEqual([])
  })

  test.each([
    ['BXNIM0415E', 'unknown-key', /IBM Cloud IAM does not know the API key/],
    ['BXNIM0430E', 'address-not-allowed', /The IP address of this runner is not on the allow-list/],
    ['BXNIM9999E', 'iam-refused', /also rejected the API key: BXNIM9999E No\. Look up/],
  ])('that refuses the key with %s: %s, without a retry', async (errorCode, topic, says) => {
    testbed.fault(({ path }) =>
      path === '/identity/token' ? { status: 400, body: { errorCode, errorMessage: 'No.' } } : undefined,
    )
    const step = await login()
    expect(step.annotations).toEqual(onlyError(expect.stringMatching(says)))
    expect(step.annotations[0]?.message).toMatch(new RegExp(`#${topic}$`))
    expect(requestsTo('/identity/token')).toHaveLength(1)
  })

  test('that reports that the key belongs to a user', async () => {
    const apiKey = newApiKey()
    testbed.cloud.keys.set(apiKey, 'x')
    testbed.fault(({ path }) => {
      const claims = Buffer.from(JSON.stringify({ iam_id: 'IBMid-270000ABCD' })).toString('base64url')
      return path === '/identity/token' ? { status: 200, body: { access_token: `e.${claims}.s` } } : undefined
    })
    const step = await login({ 'api-key': apiKey })
    expect(step.annotations).toEqual(
      onlyError(expect.stringMatching(/belongs to a user \(IBMid-270000ABCD\)/)),
    )
    expect(requestsTo('/identity/token')).toHaveLength(1)
  })

  test('that reports that the profile does not trust the service ID: the error lists the profiles that do', async () => {
    const other = testbed.credentials()
    const step = await login({ 'api-key': other.apiKey })
    expect(step.annotations).toEqual(
      onlyError(
        expect.stringMatching(
          new RegExp(
            `does not trust its service ID \\(iam-${other.serviceId}\\).* Trusted profiles that trust it: ${other.profileId}`,
          ),
        ),
      ),
    )
  })

  test('that refuses a profile that does trust it: the error names the account as a possible reason', async () => {
    let asked = 0
    testbed.fault(({ path }) =>
      path === '/identity/token' && ++asked === 2
        ? {
            status: 400,
            body: { errorCode: 'BXNIM0398E', errorMessage: 'Selected trusted profile not eligible.' },
          }
        : undefined,
    )
    const step = await login()
    expect(step.annotations).toEqual(
      onlyError(expect.stringMatching(/not eligible\)\. .* another account, [\s\S]*#not-eligible$/)),
    )
  })

  test.each([
    ['not JSON', 'x'],
    ['no token', {}],
    ['an empty token', { access_token: '' }],
  ])('that responds with 200 and %s: the response is not shown', async (_what, body) => {
    testbed.fault(({ path }) => (path === '/identity/token' ? { status: 200, body } : undefined))
    const step = await login()
    expect(step.annotations).toEqual(onlyError(expect.stringMatching(/the response contains no token/)))
  })
})

test('a registry that refuses the token: no further requests to IAM', async () => {
  testbed.fault(({ path }) => (path === '/oauth/token' ? { status: 401, body: 'no' } : undefined))
  const step = await login({ client: 'docker, skopeo' })
  expect(step.annotations).toEqual(
    onlyError(
      expect.stringMatching(/refused an access token that IAM had just issued[\s\S]*#token-refused$/),
    ),
  )
  expect(requestsTo('/identity/token')).toHaveLength(2)
  expect(requestsTo('/identity/profiles')).toEqual([])
})

describe('a second login in the same job', () => {
  test.each([
    ['access-token', 'access-token'],
    ['api-key', 'access-token'],
    ['access-token', 'api-key'],
  ])('%s, then %s: each post step removes its own, and nothing is left', async (first, second) => {
    const others = { auths: { 'us.icr.io': somebody } }
    put(config(), others)
    expect(await login({ 'auth-method': first })).toMatchObject({ exitCode: 0, annotations: [] })
    const stored = read(config()).auths['us.icr.io']
    expect(await login({ 'auth-method': second })).toMatchObject({ exitCode: 0, annotations: [] })
    expect(read(config()).auths['us.icr.io']).not.toEqual(stored)
    expect(await job.end()).toMatchObject([{ exitCode: 0 }, { exitCode: 0 }])
    expect(read(config())).toEqual(others)
  })

  /** Adds a helper that stores one login. */
  function addHelper(): string {
    const kept = join(job.folder, 'kept')
    mkdirSync(kept)
    const script = `#!/bin/sh
cd ${kept}
case $1 in
list) [ -e login ] && echo '{"us.icr.io":"user"}' || echo '{}' ;;
store) cat >login ;;
get) [ -e login ] && cat login || { echo 'credentials not found in native keychain'; exit 1; } ;;
erase) rm login ;;
esac`
    writeFileSync(join(job.folder, 'bin/docker-credential-mine'), script, { mode: 0o755 })
    put(config(), { credsStore: 'mine' })
    return join(kept, 'login')
  }

  test.each([
    ['access-token', 'access-token'],
    ['api-key', 'access-token'],
  ])('%s, then %s, with a helper: the earlier step’s login is replaced', async (first, second) => {
    const kept = addHelper()
    expect(await login({ 'auth-method': first })).toMatchObject({ exitCode: 0, annotations: [] })
    const earlier = read(kept).Secret
    expect(await login({ 'auth-method': second })).toMatchObject({ exitCode: 0, annotations: [] })
    expect(read(kept)).toMatchObject({ Username: 'iambearer' })
    expect(read(kept).Secret).not.toBe(earlier)
    expect(await job.end()).toMatchObject([
      { exitCode: 0, annotations: [] },
      { exitCode: 0, annotations: [] },
    ])
    expect(existsSync(kept)).toBe(false)
  })

  test('a helper that contains someone else’s token: an error, and the token stays', async () => {
    const kept = addHelper()
    const { access_token: token } = testbed.cloud.token(credentials.profileId)
    const login1 = { ServerURL: 'us.icr.io', Username: 'iambearer', Secret: token }
    put(kept, login1)
    expect((await login()).annotations).toEqual(
      onlyError(expect.stringMatching(/already stores another login for us\.icr\.io/)),
    )
    expect(read(kept)).toEqual(login1)
  })

  test('a helper that contains an expired token: it is replaced', async () => {
    const kept = addHelper()
    testbed.cloud.tokenLifetime = -10
    const { access_token: token } = testbed.cloud.token(credentials.profileId)
    testbed.cloud.tokenLifetime = 3600
    put(kept, { ServerURL: 'us.icr.io', Username: 'iambearer', Secret: token })
    expect(await login()).toMatchObject({ exitCode: 0, annotations: [] })
    await job.end()
    expect(existsSync(kept)).toBe(false)
  })
})

test('a token that expired before the step, or expires during it, is not restored', async () => {
  testbed.cloud.tokenLifetime = -10
  const { access_token: old } = testbed.cloud.token(credentials.profileId)
  testbed.cloud.tokenLifetime = 2
  const { access_token: short } = testbed.cloud.token(credentials.profileId)
  testbed.cloud.tokenLifetime = 3600
  put(config(), { auths: { 'us.icr.io': entryOf(old), 'de.icr.io': entryOf(short), 'quay.io': somebody } })
  expect(await login({ region: 'us-south, eu-de' })).toMatchObject({ exitCode: 0, annotations: [] })
  await new Promise(resolve => setTimeout(resolve, 3_000))
  expect(await job.end()).toMatchObject([{ exitCode: 0, annotations: [] }])
  expect(read(config())).toEqual({ auths: { 'quay.io': somebody } })
})

test('the post step removes a token that has expired since', async () => {
  testbed.cloud.tokenLifetime = 5
  expect(await login()).toMatchObject({ exitCode: 0 })
  await new Promise(resolve => setTimeout(resolve, 6_000))
  expect(await job.end()).toMatchObject([{ exitCode: 0, annotations: [] }])
  expect(existsSync(config())).toBe(false)
})

test('with logout: false, the token is kept', async () => {
  await login({ logout: 'false' })
  expect(await job.end()).toMatchObject([{ exitCode: 0, annotations: [] }])
  expect(Object.keys(read(config()).auths)).toEqual(['us.icr.io'])
  expect(filesWithSecret(job.folder, credentials)).toEqual([])
})

test.each([
  [
    'token',
    /^auth-method: "token" is not supported\. .*Accepted: api-key, access-token, compute-resource\.$/,
  ],
  ['acces-token', /Did you mean access-token\?/],
  ['', /^auth-method: an empty value is not supported/],
])('auth-method: %j is refused', async (method, says) => {
  const step = await login({ 'auth-method': method })
  expect(step.annotations).toEqual(onlyError(expect.stringMatching(says)))
  expect(testbed.requests).toEqual([])
  expect(readdirSync(job.temp)).toEqual([])
})

test('api-key with compute-resource is refused', async () => {
  const step = await login({ 'auth-method': 'compute-resource' })
  expect(step.annotations).toEqual(onlyError(expect.stringMatching(/^api-key: remove this input\./)))
  expect(filesWithSecret(job.folder, credentials)).toEqual([])
  expect(readFileSync(join(job.folder, 'bin', 'docker'), 'utf8')).not.toBe('')
})
