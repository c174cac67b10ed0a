// Tests of the test bed itself: without the action, it must behave like the service. Otherwise the other
// tests prove nothing.
import { randomBytes, randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import type { ClientName } from '../../src/clients/table.ts'
import { put, somebody, until } from '../testbed/helpers.ts'
import { type Credentials, startTestbed, type Testbed } from '../testbed/index.ts'
import { laterSteps } from '../testbed/later-steps.ts'
import { noRoot, testUnless } from '../testbed/needs.ts'
import { watchLogins } from '../testbed/own-logins.ts'
import { processesNaming } from '../testbed/processes.ts'
import type { Job } from '../testbed/runner.ts'

let testbed: Testbed
beforeAll(async () => {
  testbed = await startTestbed({ daemon: true })
})
afterEach(() => testbed.tidy())
afterAll(() => testbed.stop())

const logIn = (
  job: Job,
  client: ClientName,
  { profileId, apiKey }: Omit<Credentials, 'serviceId'>,
  domain = 'us.icr.io',
) =>
  job.run(`printf %s "$KEY" | ${client} login --username ${profileId} --password-stdin ${domain}`, {
    KEY: apiKey,
  })

/** Statuses of the requests to the token endpoint after the first `from` requests. */
const tokenStatuses = (from: number) =>
  testbed.requests
    .slice(from)
    .filter(({ path }) => path === '/oauth/token')
    .map(({ status }) => status)

describe.each<ClientName>(['docker', 'buildah', 'podman', 'skopeo'])('%s', client => {
  test('pushes and pulls between login and logout, and not after', async () => {
    const job = testbed.newJob()
    const { push, pull } = laterSteps(job, client)
    const image = `us.icr.io/team/testbed:${client}`
    expect((await push(image)).exitCode).not.toBe(0)

    expect(await logIn(job, client, testbed.credentials())).toMatchObject({ exitCode: 0 })
    expect(await push(image)).toMatchObject({ exitCode: 0 })
    expect(await pull(image)).toMatchObject({ exitCode: 0 })

    expect(await job.run(`${client} logout us.icr.io`)).toMatchObject({ exitCode: 0 })
    expect((await pull(image)).exitCode).not.toBe(0)
  })

  test('is refused: 400 for a key of another profile, 401 for an unknown key', async () => {
    const [mine, other] = [testbed.credentials(), testbed.credentials()]
    let from = testbed.requests.length
    const mismatch = await logIn(testbed.newJob(), client, { ...mine, apiKey: other.apiKey })
    expect(mismatch.exitCode).not.toBe(0)
    expect(tokenStatuses(from)).toContain(400)

    from = testbed.requests.length
    const apiKey = randomBytes(33).toString('base64url')
    expect((await logIn(testbed.newJob(), client, { ...mine, apiKey })).exitCode).not.toBe(0)
    expect(tokenStatuses(from)).toContain(401)
  })

  test('may do what its policy allows, and only there', async () => {
    const writer = testbed.newJob()
    await logIn(writer, client, testbed.credentials())
    const image = `us.icr.io/team/policy:${client}`
    expect(await laterSteps(writer, client).push(image)).toMatchObject({ exitCode: 0 })

    const reader = testbed.newJob()
    expect(await logIn(reader, client, testbed.credentials({ team: 'pull' }))).toMatchObject({ exitCode: 0 })
    expect(await laterSteps(reader, client).pull(image)).toMatchObject({ exitCode: 0 })
    expect((await laterSteps(reader, client).push(image)).exitCode).not.toBe(0)
    expect((await laterSteps(reader, client).push(`us.icr.io/foreign/app:${client}`)).exitCode).not.toBe(0)
  })
})

test('each region is a separate registry, and its private domain leads to the same one', async () => {
  const job = testbed.newJob()
  const { push, pull } = laterSteps(job, 'skopeo')
  const credentials = testbed.credentials()
  for (const domain of ['us.icr.io', 'de.icr.io', 'private.us.icr.io'])
    expect(await logIn(job, 'skopeo', credentials, domain)).toMatchObject({ exitCode: 0 })
  expect(await push('us.icr.io/team/region:1')).toMatchObject({ exitCode: 0 })
  expect((await pull('de.icr.io/team/region:1')).log).toMatch(/manifest unknown|name unknown/)
  expect(await pull('private.us.icr.io/team/region:1')).toMatchObject({ exitCode: 0 })
})

test('clients see the faults that a test sets, until it resets them', async () => {
  const credentials = testbed.credentials()
  testbed.fault(({ path }) => (path === '/oauth/token' ? { status: 503 } : undefined))
  expect((await logIn(testbed.newJob(), 'skopeo', credentials)).log).toContain('503 (Service Unavailable)')
  testbed.fault(() => 'reset')
  expect((await logIn(testbed.newJob(), 'skopeo', credentials)).log).toContain('connection reset by peer')
  testbed.fault(() => 'hang')
  const hung = await testbed.newJob().run('timeout 2 skopeo inspect docker://us.icr.io/team/app')
  expect(hung).toMatchObject({ exitCode: 124 })
  testbed.fault()
  expect(await logIn(testbed.newJob(), 'skopeo', credentials)).toMatchObject({ exitCode: 0 })
})

test('a delay applies to every response', async () => {
  testbed.delayMs = 300
  const from = testbed.requests.length
  const begun = performance.now()
  expect(await logIn(testbed.newJob(), 'skopeo', testbed.credentials())).toMatchObject({ exitCode: 0 })
  const answers = testbed.requests.length - from
  expect(answers).toBeGreaterThan(1)
  // Timers can fire a millisecond early.
  expect(performance.now() - begun).toBeGreaterThan(answers * 299)
})

test('the proxy does not connect to other hosts', async () => {
  const { exitCode, log } = await testbed
    .newJob()
    .run('skopeo inspect docker://registry.example.com/team/app')
  expect(exitCode).not.toBe(0)
  expect(log).toContain('Bad Gateway')
  expect(testbed.proxy.connections.get('registry.example.com')).toBeGreaterThan(0)
  expect(testbed.requests.map(({ host }) => host)).not.toContain('registry.example.com')
})

test('a step that does not end is killed with all its processes, and the error names it', async () => {
  const job = testbed.newJob({ limitMs: 500 })
  const id = randomUUID()
  const command = `(exec -a ${id} sleep 300) & exec -a ${id} sleep 300`
  await expect(job.run(command)).rejects.toThrow(
    `killed after 0.5 s without end: /bin/bash --noprofile --norc -eo pipefail -c ${command}`,
  )
  await until(() => processesNaming(id).length === 0)
})

describe('the machine’s own logins', () => {
  testUnless(noRoot)('no step runs as root where podman, buildah and skopeo would share them', async () => {
    const job = testbed.newJob({ env: { XDG_RUNTIME_DIR: '' } })
    await expect(async () => job.run('true')).rejects.toThrow('set ownRun')
  })

  test('a change is noticed after the tests of a file', () => {
    const check = watchLogins(testbed.folder, { XDG_RUNTIME_DIR: testbed.folder })
    check()
    const docker = join(testbed.folder, '.docker/config.json')
    const others = join(testbed.folder, 'containers/auth.json')
    for (const file of [docker, others]) put(file, { auths: { 'us.icr.io': somebody } })
    expect(check).toThrow(`the logins of this machine have changed: ${docker},${others}`)
  })
})

test('leaves nothing behind', async () => {
  const own = await startTestbed({ daemon: true })
  const { env, folder } = own
  const socket = env.DOCKER_HOST?.replace('unix://', '') ?? ''
  expect(existsSync(socket)).toBe(true)
  await own.stop()
  expect(existsSync(folder)).toBe(false)
  expect(
    (await testbed.newJob().run('docker version', { DOCKER_HOST: `unix://${socket}` })).exitCode,
  ).not.toBe(0)
})
