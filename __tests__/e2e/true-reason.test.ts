import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { newApiKey } from '../testbed/cloud.ts'
import { inputs, put } from '../testbed/helpers.ts'
import { type Credentials, startTestbed, type Testbed } from '../testbed/index.ts'
import type { Job, StepResult } from '../testbed/runner.ts'

let testbed: Testbed
let credentials: Credentials
let job: Job
beforeAll(async () => {
  testbed = await startTestbed()
})
afterAll(() => testbed.stop())
beforeEach(() => {
  credentials = testbed.credentials()
  job = testbed.newJob({ skips: 'pauses' })
})
afterEach(() => testbed.tidy())

function login(client: string, more: Record<string, string> = {}): Promise<StepResult> {
  return job.uses(inputs(credentials, { client, ...more }))
}

const requestsTo = (path: string) => testbed.requests.filter(request => request.path === path)
const onlyError = (message: unknown) => [{ kind: 'error', message }]

/** The job summary that the steps have written so far. */
function summary(): string {
  const steps = readdirSync(job.folder).filter(name => name.startsWith('step-'))
  return steps.map(name => readFileSync(join(job.folder, name, 'summary'), 'utf8')).join('')
}

/** Sets IAM's response for an API key. */
function iamAnswers(status: number, body: string | object): void {
  credentials = { ...credentials, apiKey: newApiKey() }
  testbed.fault(({ path }) => (path === '/identity/token' ? { status, body } : undefined))
}

const refusal = (errorCode: string, errorMessage: string) => ({ errorCode, errorMessage })

test('an IP address allow-list is not reported as an invalid key', async () => {
  iamAnswers(401, refusal('BXNIM0430E', 'User login from given IP address is not permitted'))
  const step = await login('skopeo')
  expect(step.annotations).toEqual(
    onlyError(
      expect.stringMatching(
        /failed \(skopeo\)\. The IP address of this runner is not on the allow-list .*\(BXNIM0430E User login from given IP address is not permitted\)[\s\S]*#address-not-allowed$/,
      ),
    ),
  )
  expect(step.annotations[0]?.message).not.toMatch(/deleted|create one|service-api-key/)
})

test.each([400, 401, 403])(
  'an unknown error code with %d is quoted, without further claims',
  async status => {
    iamAnswers(status, refusal('BXNIM9999E', 'Something new'))
    const step = await login('podman')
    expect(step.annotations).toEqual(
      onlyError(
        expect.stringMatching(/also rejected the API key: BXNIM9999E Something new\. [\s\S]*#iam-refused$/),
      ),
    )
    expect(step.annotations[0]?.message).not.toMatch(/deleted|not known to/)
  },
)

test.each([
  ['a response that is not JSON', 401, '<html>'],
  ['a response without a code', 400, {}],
  ['an empty token', 200, { access_token: '' }],
  ['a 5xx', 503, refusal('BXNIM0415E', 'x')],
])('the reason is unknown if IAM sends %s', async (_what, status, body) => {
  iamAnswers(status, body)
  const step = await login('skopeo')
  expect(step.annotations).toEqual(
    onlyError(expect.stringMatching(/IAM could not tell why\.[\s\S]*#refused$/)),
  )
})

test.each(['opaque', 'a.b.c', `e.${Buffer.from('{}').toString('base64url')}.s`])(
  'IAM’s token %j cannot be parsed: the key is valid anyway, and IAM is asked for the profiles',
  async token => {
    iamAnswers(200, { access_token: token })
    testbed.fault(({ path }) => {
      if (path === '/identity/token') return { status: 200, body: { access_token: token } }
      if (path === '/identity/profiles') return { status: 200, body: { profiles: [{ id: 'Profile-1' }] } }
      return undefined
    })
    const step = await login('skopeo')
    expect(step.annotations).toEqual(
      onlyError(
        expect.stringMatching(
          /The API key is valid, but the trusted profile .* does not trust its service ID, or does not exist\. Trusted profiles that trust it: Profile-1\.[\s\S]*--id SERVICE_ID --id-type/,
        ),
      ),
    )
    expect(requestsTo('/identity/profiles')).toHaveLength(1)
  },
)

test('IAM’s list of profiles cannot be read: the key is valid', async () => {
  const other = testbed.credentials()
  credentials = { ...credentials, apiKey: other.apiKey }
  testbed.fault(({ path }) => (path === '/identity/profiles' ? { status: 500, body: 'down' } : undefined))
  const step = await login('skopeo')
  expect(step.annotations).toEqual(
    onlyError(
      expect.stringMatching(
        new RegExp(`The API key is valid \\(iam-${other.serviceId}\\), but the registry refused it`),
      ),
    ),
  )
})

describe('if a client does not give a reason', () => {
  const notKnown = () => onlyError(expect.stringMatching(/^Login to us\.icr\.io failed .*#unknown-key$/s))

  test('docker, for a refusal in plain text: IAM is asked anyway', async () => {
    credentials = { ...credentials, apiKey: newApiKey() }
    testbed.fault(({ path }) => (path === '/oauth/token' ? { status: 400, body: 'Bad Request' } : undefined))
    expect((await login('docker')).annotations).toEqual(notKnown())
    expect(requestsTo('/identity/token')).toHaveLength(1)
  })

  test.each(['docker', 'podman'])('%s, with an unknown message: the registry is asked once', async client => {
    const count = join(job.folder, 'count')
    const script = `#!/bin/sh\ncat >/dev/null\necho >>"${count}"\necho 'no such words' >&2\nexit 1\n`
    writeFileSync(join(job.folder, 'bin', client), script, { mode: 0o755 })
    // The registry accepts the credentials, so the client's message is quoted.
    const step = await login(client)
    expect(step.annotations).toEqual(
      onlyError(expect.stringMatching(/Unrecognized error: no such words\.\n/)),
    )
    expect(requestsTo('/oauth/token')).toHaveLength(1)
    expect(readFileSync(count, 'utf8')).toBe('\n')

    credentials = { ...credentials, apiKey: newApiKey() }
    expect((await login(client)).annotations).toEqual(notKnown())
    expect(readFileSync(count, 'utf8')).toBe('\n\n')
  })

  test('podman, if the action’s own request fails for another reason: that reason is not reported', async () => {
    credentials = { ...credentials, apiKey: newApiKey() }
    job.env.NODE_EXTRA_CA_CERTS = ''
    expect((await login('podman')).annotations).toEqual(
      onlyError(expect.stringMatching(/The registry refused the credentials, and IAM could .*#refused$/s)),
    )
  })
})

test('a client that is terminated by a signal: retries, and an error that names the signal', async () => {
  const count = join(job.folder, 'count')
  writeFileSync(join(job.folder, 'bin', 'podman'), `#!/bin/sh\necho >>"${count}"\nkill -KILL $$\n`, {
    mode: 0o755,
  })
  const step = await login('podman')
  expect(step.annotations).toEqual(
    onlyError(expect.stringMatching(/did not finish \(podman was terminated by SIGKILL\)/)),
  )
  expect(readFileSync(count, 'utf8')).toBe('\n\n\n')
})

test('GitHub Enterprise Server: links point to the action’s repository on github.com', async () => {
  credentials = { ...credentials, apiKey: newApiKey() }
  job.env.GITHUB_SERVER_URL = 'https://github.example.com'
  const step = await login('skopeo')
  expect(step.annotations[0]?.message).toMatch(/See https:\/\/github\.com\/OWNER\/icr-login\/blob\/v1\//)
})

describe('a proxy whose password is not percent-encoded', () => {
  const viaProxy = (password: string) => {
    job.env.HTTPS_PROXY = testbed.proxy.url.replace('//', `//user:${password}@`)
  }

  test.each(['pass#word', 'pass%word', '1234#word', 'pass/word', 'pass?word'])(
    '%s: an error',
    async password => {
      viaProxy(password)
      const step = await login('none', { 'credentials-file': join(job.temp, 'icr.json') })
      expect(step.annotations).toEqual(
        onlyError(expect.stringMatching(/cannot use the proxy that HTTPS_PROXY names \(value not shown\)/)),
      )
    },
  )

  test.each(['pass#word', 'pass%word', 'pass@word'])(
    '%s is not shown, whichever program prints it',
    async password => {
      viaProxy(password)
      const [start] = password.split(/[#%@]/)
      writeFileSync(
        join(job.folder, 'bin', 'podman'),
        `#!/bin/sh\necho ""$HTTPS_PROXY": port ${start}" >&2; exit 1\n`,
        {
          mode: 0o755,
        },
      )
      const step = await login('podman')
      expect(step.exitCode).toBe(1)
      for (const text of [step.log, summary()]) {
        expect(text.replaceAll('\\', '')).toContain('port ***')
        expect(text).not.toContain(password)
        expect(text).not.toContain(start)
      }
    },
  )
})

test('the job summary contains the error, its command and its link, and no secrets', async () => {
  // Markdown escapes the last character.
  const key = `${newApiKey().slice(0, -1)}_`
  credentials = { ...credentials, apiKey: testbed.cloud.serviceId().apiKey }
  expect((await login('skopeo')).exitCode).toBe(1)
  const refused = summary()
  expect(refused).toMatch(/^### Login to IBM Cloud Container Registry failed\n\nLogin to us\.icr\.io failed/)
  expect(refused).toMatch(/\n```sh\nibmcloud iam trusted-profile-identity-create Profile-[^\n]*\n```\n/)
  expect(refused).toMatch(/\nSee https:\/\/github\.com\/[^\n]*troubleshooting\.md#untrusted\n$/)

  // The registry accepts this key, so the client's message is quoted.
  testbed.cloud.keys.set(key, credentials.serviceId)
  credentials = { ...credentials, apiKey: key }
  writeFileSync(join(job.folder, 'bin', 'podman'), '#!/bin/sh\necho "odd: $(cat)" >&2; exit 1\n', {
    mode: 0o755,
  })
  expect((await login('podman')).exitCode).toBe(1)
  expect(summary()).toContain('odd: \\*\\*\\*')
  expect(summary()).not.toContain(key)
})

test('a stack trace of a credential helper does not become a command in the job summary', async () => {
  const trace = 'Traceback:\n    rm -rf everything\nError: no keyring'
  writeFileSync(join(job.folder, 'bin/docker-credential-odd'), `#!/bin/sh\necho '${trace}' >&2; exit 1\n`, {
    mode: 0o755,
  })
  put(join(job.home, '.docker/config.json'), { credsStore: 'odd' })
  const step = await login('docker')
  expect(step.annotations).toEqual(
    onlyError(expect.stringContaining('failed to list: Traceback: rm -rf everything Error: no keyring.')),
  )
  expect(summary()).not.toContain('```')
})

test('a step that succeeds writes no summary, and one that cannot write it reports its own error', async () => {
  expect((await login('skopeo')).exitCode).toBe(0)
  expect(summary()).toBe('')
  const step = await job.uses(
    { region: 'nowhere', 'profile-id': credentials.profileId, 'api-key': credentials.apiKey },
    { GITHUB_STEP_SUMMARY: '/no/such/file' },
  )
  expect(step.annotations).toEqual(onlyError(expect.stringMatching(/^region: "nowhere" is not a region/)))
})
