import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { newApiKey } from '../testbed/cloud.ts'
import { filesWithSecret } from '../testbed/find-secret.ts'
import { type Credentials, type SeenRequest, startTestbed, type Testbed } from '../testbed/index.ts'
import { Job, type StepResult } from '../testbed/runner.ts'

let testbed: Testbed
let credentials: Credentials
let job: Job
beforeAll(async () => {
  testbed = await startTestbed()
})
afterAll(() => testbed.stop())
beforeEach(() => {
  credentials = testbed.credentials()
  testbed.requests.length = 0
  testbed.proxy.connections.clear()
  job = new Job({ env: { ...testbed.env, XDG_RUNTIME_DIR: testbed.folder }, debug: true })
})
afterEach(() => {
  testbed.fault()
  job.remove()
})

/** A step without a client, unless `more` names one: all requests are the action's own. */
function step(more: Record<string, string> = {}): Promise<StepResult> {
  const { profileId, apiKey } = credentials
  return job.uses({
    region: 'us-south',
    'profile-id': profileId,
    'api-key': apiKey,
    ...(more.client ? {} : { client: 'none', 'credentials-file': join(job.temp, 'icr.json') }),
    ...more,
  })
}

type Which = (request: SeenRequest) => boolean

const isChallenge: Which = seen => seen.path === '/v2/' && seen.credentials === 'none'
const isToken: Which = seen => seen.path === '/oauth/token'
const isProof: Which = seen => seen.path === '/v2/' && seen.credentials === 'bearer'
const isStart: Which = ({ method, path }) => method === 'POST' && path.endsWith('/blobs/uploads/')
const isCancel: Which = ({ method }) => method === 'DELETE'
const isTags: Which = ({ path }) => path.endsWith('/tags/list')
const seenBy = (which: Which) => testbed.requests.filter(which)
const oneError = (message: unknown) => ({ exitCode: 1, annotations: [{ kind: 'error', message }] })

async function expectNothingLeft(): Promise<void> {
  expect(await job.end()).toMatchObject([{ exitCode: 0, annotations: [] }])
  expect(filesWithSecret(job.folder, credentials)).toEqual([])
}

describe('no redirection is followed, not even to where the key may go', () => {
  /** Redirects such requests to another registry of IBM's, or another host of IAM's, which would serve them. */
  function redirect(which: Which, status: number): void {
    testbed.fault(seen => {
      if (!which(seen) || elsewhere(seen)) return undefined
      const host = seen.host.endsWith('icr.io') ? 'de.icr.io' : 'private.iam.cloud.ibm.com'
      return { status, headers: { location: `https://${host}${seen.path}?${seen.query}` } }
    })
  }
  const elsewhere: Which = ({ host }) => host === 'de.icr.io' || host.startsWith('private.')

  function expectNobodyElseAsked(): void {
    expect(seenBy(elsewhere)).toEqual([])
    expect([...testbed.proxy.connections.keys()].filter(host => elsewhere({ host } as SeenRequest))).toEqual(
      [],
    )
  }

  test.each([301, 302, 303, 307, 308])('%d where the key is sent', async status => {
    redirect(isToken, status)
    expect(await step()).toMatchObject(oneError(expect.stringContaining(`HTTP ${status}`)))
    expect(seenBy(isToken)).toMatchObject([{ status, credentials: 'basic' }])
    expectNobodyElseAsked()
    await expectNothingLeft()
  })

  test.each<[what: string, which: Which]>([
    ['challenge', isChallenge],
    ['proof of the login', isProof],
    ['start of an upload', isStart],
    ['list of tags', isTags],
  ])('307 at the %s', async (_what, which) => {
    redirect(which, 307)
    const login = await step({ 'check-push': 'team/app', 'check-pull': 'team/other' })
    expect(login).toMatchObject(oneError(expect.stringContaining('HTTP 307')))
    expect(seenBy(which)).toMatchObject([{ status: 307 }])
    expectNobodyElseAsked()
    await expectNothingLeft()
  })

  test('307 where an upload is cancelled: it is not, and that is said', async () => {
    redirect(isCancel, 307)
    const login = await step({ 'check-push': 'team/app' })
    expect(login).toMatchObject({ exitCode: 0, annotations: [{ kind: 'notice' }] })
    expect(login.log).toContain('the empty upload could not be cancelled')
    expectNobodyElseAsked()
  })

  test.each([
    ['key', '/identity/token', /IAM could not be asked why\./],
    ['profiles', '/identity/profiles', /The API key is good .* IAM could not be asked whether the profile/],
  ])('307 where IAM is asked for the %s', async (_what, path, says) => {
    credentials = { ...testbed.credentials(), profileId: credentials.profileId }
    redirect(seen => seen.path === path, 307)
    expect(await step()).toMatchObject(oneError(expect.stringMatching(says)))
    expect(seenBy(seen => seen.path === path)).toMatchObject([{ status: 307 }])
    expectNobodyElseAsked()
  })
})

describe('what comes with a 200 may be a secret: nothing of it is shown', () => {
  const secret = newApiKey()

  function expectSecretNotShown({ raw }: StepResult): void {
    const written = readdirSync(job.folder).filter(name => name.startsWith('step-'))
    const summaries = written.map(name => readFileSync(join(job.folder, name, 'summary'), 'utf8'))
    expect(summaries.join('')).toContain('failed')
    expect(raw + summaries).not.toContain(secret)
  }

  const BODIES: [what: string, body: string | object][] = [
    ['a text', secret],
    ['a token of another name', { refresh_token: secret }],
    ['a token that is empty', { token: '', refresh_token: secret }],
    ['a token that is no text', { token: [secret] }],
    ['errors', { errors: [{ code: secret, message: secret }] }],
    ['a message', { message: secret, errorMessage: secret }],
  ]

  test.each(BODIES)('%s, but no token for a login', async (_what, body) => {
    testbed.fault(seen => (isToken(seen) ? { status: 200, body } : undefined))
    const login = await step()
    expect(login).toMatchObject(
      oneError(expect.stringMatching(/^Login to us\.icr\.io failed\. .*The token endpoint gave no token\./)),
    )
    expectSecretNotShown(login)
    // It is no error that another attempt could mend.
    expect(seenBy(isToken)).toHaveLength(1)
  })

  test.each(BODIES)('%s, but no token for a check', async (_what, body) => {
    testbed.fault(seen => (isToken(seen) && seen.query.has('scope') ? { status: 200, body } : undefined))
    const login = await step({ 'check-pull': 'team/app' })
    expect(login).toMatchObject(
      oneError(
        expect.stringMatching(/^check-pull of us\.icr\.io\/team\/app failed\. .*gave no token\.\nSee/),
      ),
    )
    expectSecretNotShown(login)
    await expectNothingLeft()
  })

  test.each(BODIES)('%s, but no token of IAM’s', async (_what, body) => {
    credentials = { ...credentials, apiKey: newApiKey() }
    testbed.fault(({ path }) => (path === '/identity/token' ? { status: 200, body } : undefined))
    const login = await step()
    expect(login).toMatchObject(oneError(expect.stringContaining('IAM could not be asked why.')))
    expectSecretNotShown(login)
  })
})

test.each(['docker', 'buildah', 'podman', 'skopeo'])(
  'a login with %s that succeeds makes no request of its own',
  async client => {
    expect(await step({ client, region: 'us-south, eu-de' })).toMatchObject({ exitCode: 0, annotations: [] })
    await expectNothingLeft()
    // The clients name themselves, the action does not.
    expect(new Set(testbed.requests.map(({ host }) => host))).toEqual(new Set(['us.icr.io', 'de.icr.io']))
    expect(seenBy(({ userAgent }) => userAgent === '')).toEqual([])
  },
)

describe('a port', () => {
  const names = (origin: string) =>
    expect.stringContaining(
      `The registry names ${origin} for the next request, which is not part of IBM Cloud Container Registry: the key was not sent there.`,
    )
  const challenge = (realm: string) => ({
    status: 401,
    headers: { 'www-authenticate': `Bearer realm="${realm}",service="registry"` },
  })

  /** Every connection that the proxy was asked for led to the usual port, where the stand-in noted the request. */
  function expectNoOtherConnection(): void {
    const connections = [...testbed.proxy.connections]
    expect(connections.map(([host]) => host)).toEqual(['us.icr.io'])
    expect(connections[0]?.[1]).toBeLessThanOrEqual(testbed.requests.length)
  }

  test.each([':8443', ':80', ':1'])('%s is refused in a challenge', async port => {
    testbed.fault(seen => (isChallenge(seen) ? challenge(`https://us.icr.io${port}/oauth/token`) : undefined))
    expect(await step()).toMatchObject(oneError(names(`https://us.icr.io${port}`)))
    expect(testbed.requests).toMatchObject([{ path: '/v2/', credentials: 'none' }])
    expectNoOtherConnection()
    await expectNothingLeft()
  })

  test.each([':8443', ':80', ':1'])('%s is refused in the place of an upload', async port => {
    const location = `https://us.icr.io${port}/v2/team/app/blobs/uploads/mine`
    testbed.fault(seen => (isStart(seen) ? { status: 202, headers: { location } } : undefined))
    expect(await step({ 'check-push': 'team/app' })).toMatchObject(
      oneError(names(`https://us.icr.io${port}`)),
    )
    expect(seenBy(isCancel)).toEqual([])
    expectNoOtherConnection()
    await expectNothingLeft()
  })

  test('that is the usual one is none', async () => {
    const location = 'https://us.icr.io:443/v2/team/app/blobs/uploads/mine'
    testbed.fault(seen => {
      if (isChallenge(seen)) return challenge('https://us.icr.io:443/oauth/token')
      return isStart(seen) ? { status: 202, headers: { location } } : undefined
    })
    expect(await step({ 'check-push': 'team/app' })).toMatchObject({ exitCode: 0 })
    expect(seenBy(isToken)).toHaveLength(2)
    expect(seenBy(isCancel)).toHaveLength(1)
  })
})
