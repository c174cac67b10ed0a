import { once } from 'node:events'
import { existsSync, readdirSync, renameSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals'
import { CLIENT_NAMES } from '../../src/clients/table.ts'
import { filesWithSecret, holdsSecret } from '../testbed/find-secret.ts'
import { inputs } from '../testbed/helpers.ts'
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
afterEach(() => {
  const left = filesWithSecret(job.folder, credentials)
  testbed.tidy()
  expect(left).toEqual([])
})

/** Runs a step with a client, or with `none`. */
function login(client: string): Promise<StepResult> {
  const more = client === 'none' ? { 'credentials-file': join(job.temp, 'icr.json') } : undefined
  return job.uses(inputs(credentials, { client, ...more }))
}

const requestsTo = (path: string) => testbed.requests.filter(request => request.path === path)

/** The result of a step that fails with one error. */
const failure = (message: RegExp) => ({
  exitCode: 1,
  annotations: [{ kind: 'error', message: expect.stringMatching(message) }],
  outputs: {},
})

test.each(['docker', 'skopeo', 'none'])('%s with a user’s key', async client => {
  const refused = { code: 'UNAUTHORIZED', message: 'The login credentials are not valid.' }
  const claims = Buffer.from(JSON.stringify({ iam_id: 'IBMid-310000ABCD' })).toString('base64url')
  testbed.fault(({ path }) => {
    if (path === '/oauth/token') return { status: 400, body: { errors: [refused] } }
    return path === '/identity/token' ? { status: 200, body: { access_token: `e.${claims}.s` } } : undefined
  })
  expect(await login(client)).toMatchObject(
    failure(
      /^Login to us\.icr\.io failed.*\. The API key belongs to a user \(IBMid-310000ABCD\)\. .*service ID.*#users-key$/s,
    ),
  )
  // This reason is sufficient, so IAM is not asked which profiles trust the key.
  expect(requestsTo('/identity/profiles')).toEqual([])
})

test.each([
  ['whose certificates are missing', { DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: '/no/such' }, 'ca.pem'],
  ['by a context that does not exist', { DOCKER_CONTEXT: 'no-such', DOCKER_HOST: '' }, 'no-such'],
])('docker that is directed to a daemon %s', async (_how, env, named) => {
  Object.assign(job.env, env)
  const step = await login('docker')
  expect(step).toMatchObject(
    failure(
      /^Login to us\.icr\.io failed \(docker\)\. docker could not connect to its daemon \(.*\)\. .*#daemon$/s,
    ),
  )
  expect(step.annotations[0]?.message).toContain(named)
  expect(job.starts).toHaveLength(3)
  expect(testbed.requests).toEqual([])
})

test('a docker daemon that is not ready before the second attempt', async () => {
  const docker = join(job.folder, 'bin/docker')
  renameSync(docker, `${docker}-itself`)
  const context = 'docker-itself context create late --docker host=unix:///no/such.sock >/dev/null 2>&1'
  writeFileSync(
    docker,
    `#!/bin/sh\ndocker-itself "$@" || { code=$?; DOCKER_CONFIG= ${context}; exit $code; }\n`,
    {
      mode: 0o755,
    },
  )
  Object.assign(job.env, { DOCKER_CONTEXT: 'late', DOCKER_HOST: '' })
  const step = await login('docker')
  expect(step).toMatchObject({ exitCode: 0, annotations: [] })
  expect(step.log).toContain('context "late": context not found')
  expect(job.starts.filter(({ args }) => args[0] === 'login')).toHaveLength(2)
  expect(await job.end()).toMatchObject([{ exitCode: 0, annotations: [] }])
})

// User namespaces cannot be disabled for a single program, so these are real error messages printed by a fake
// client.
test.each([
  ['podman', 'cannot clone: Operation not permitted\nError: cannot re-exec process'],
  ['podman', 'ERRO[0000] running `/usr/bin/newuidmap 7 0 1000 1`: newuidmap: write to uid_map failed'],
  ['buildah', 'Error during unshare(CLONE_NEWUSER): Operation not permitted'],
])('%s without a user namespace: %j', async (client, says) => {
  const script = `#!/bin/sh\ncat >/dev/null\nprintf %s "$SAYS" >&2\nexit 125\n`
  writeFileSync(join(job.folder, 'bin', client), script, { mode: 0o755 })
  job.env.SAYS = says
  const step = await login(client)
  expect(step).toMatchObject(
    failure(
      /^Login to us\.icr\.io failed \(\w+\)\. Without root, or as root without CAP_SYS_ADMIN, the client needs a user namespace.*#no-user-namespace$/s,
    ),
  )
  // A retry would not help, and no request is made.
  expect(step.log).not.toContain('Retrying')
  expect(testbed.requests).toEqual([])
})

test.each([...CLIENT_NAMES, 'none'])('%s with a proxy that requires authentication', async client => {
  let asked = 0
  const proxy = createServer().on('connect', (_request, socket) => {
    asked++
    socket.on('error', () => {})
    socket.end('HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\n\r\n')
  })
  await once(proxy.listen(0, '127.0.0.1'), 'listening')
  const host = `127.0.0.1:${(proxy.address() as AddressInfo).port}`
  job.env.HTTPS_PROXY = `http://user:wrong-word@${host}`
  const step = await login(client).finally(() => proxy.close())
  expect(step).toMatchObject(
    failure(
      new RegExp(
        `^Login to us\\.icr\\.io failed.*\\. The proxy ${host} requires a user name and a password\\. .*#proxy-login$`,
        's',
      ),
    ),
  )
  expect(step.log).not.toContain('wrong-word')
  expect(step.log).not.toContain('Retrying')
  expect(asked).toBeGreaterThan(0)
  expect(testbed.requests).toEqual([])
})

test.each(['docker', 'skopeo', 'none'])('%s at a registry that keeps responding with 429', async client => {
  const body = { errors: [{ code: 'TOOMANYREQUESTS', message: 'slow down' }] }
  testbed.fault(({ path }) => (path === '/oauth/token' ? { status: 429, body } : undefined))
  expect(await login(client)).toMatchObject(
    failure(
      /^Login to us\.icr\.io failed.*\. Rate limit exceeded \(429\), even after several attempts\. .*#throttled$/s,
    ),
  )
  expect(requestsTo('/oauth/token').length).toBeGreaterThanOrEqual(3)
  expect(requestsTo('/identity/token')).toEqual([])
})

test('a check at a registry that keeps responding with 429', async () => {
  const isForCheck = ({ query }: { query: URLSearchParams }) => query.has('scope')
  testbed.fault(seen => (isForCheck(seen) ? { status: 429, body: 'slow down' } : undefined))
  const file = join(job.temp, 'icr.json')
  const more = { client: 'none', 'credentials-file': file, 'check-pull': 'team/app' }
  const step = await job.uses(inputs(credentials, more))
  expect(step.annotations).toEqual([
    {
      kind: 'error',
      message: expect.stringMatching(
        /^check-pull of us\.icr\.io\/team\/app failed\. Rate limit exceeded \(429\).*#throttled$/s,
      ),
    },
  ])
  expect(testbed.requests.filter(isForCheck)).toHaveLength(3)
  // The login is kept until the post step.
  expect(existsSync(file)).toBe(true)
  await job.end()
  expect(existsSync(file)).toBe(false)
})

test('a step that would end halfway, because nothing is left to wait for, fails', async () => {
  const defect = join(job.folder, 'defect.cjs')
  writeFileSync(
    defect,
    `require('node:https').request = () => Object.assign(new (require('node:events'))(), { end() {} })`,
  )
  const step = await job.uses(
    inputs(credentials, { client: 'none', 'credentials-file': join(job.temp, 'icr.json') }),
    { NODE_OPTIONS: `--require ${defect}` },
  )
  expect(step).toMatchObject(
    failure(/^Unexpected error \(this is a bug in icr-login\): .* stopped halfway\. Please report it\.$/),
  )
})

test('an unexpected error is reported as a bug, with a stack trace in the debug log, and the post step cleans up', async () => {
  job = testbed.newJob({ debug: true })
  const defect = join(job.folder, 'defect.cjs')
  const script = `const fs = require('node:fs')
const append = fs.appendFileSync
fs.appendFileSync = (file, ...more) => {
  if (file === process.env.GITHUB_OUTPUT) throw new TypeError('x is not a function')
  append(file, ...more)
}`
  writeFileSync(defect, script)
  const step = await job.uses(inputs(credentials, { client: 'skopeo' }), {
    NODE_OPTIONS: `--require ${defect}`,
  })
  expect(step).toMatchObject(
    failure(
      /^Unexpected error \(this is a bug in icr-login\): TypeError: x is not a function\. Please report it\.$/,
    ),
  )
  expect(step.log).toMatch(/^##\[debug\]TypeError: [\s\S]*^ +at .*dist\/index\.js:\d+/m)
  expect(holdsSecret(step.log, credentials)).toBe(false)
  // The login had already been stored.
  const store = join(job.runtime, 'containers/auth.json')
  expect(existsSync(store)).toBe(true)
  expect(await job.end()).toMatchObject([{ exitCode: 0, annotations: [] }])
  expect(existsSync(store)).toBe(false)
  expect(readdirSync(job.temp)).toEqual([])
})
